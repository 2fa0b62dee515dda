"""The operator's list of recognised issuers: a TOML file, read strictly; its names are the ones that readers see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from badges_server.credentials.errors import BadgeError
from badges_server.storage.catalogue.schemas import DayField
from badges_server.storage.catalogue.toml_file import read_toml
from badges_server.storage.problems import FileProblem
from badges_server.storage.toml_places import Path as Place

# An identifier that a signature can be bound to; http: anyone on the way could answer for it.
_ID = validate.And(
    validate.Regexp(
        r"(?:did:(?:web|key|jwk):|https://)[^\s\x00-\x1f\"<>\\^`{|}]+\Z", error="Not did:web:… or https://…"
    ),
    validate.Length(max=2000),
)


class RecognisedIssuersError(BadgeError):
    """The list cannot be used; carries every problem found in it."""

    code: ClassVar[str] = "RECOGNISED_ISSUERS"

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class RecognisedIssuer:
    """An issuer that the operator vouches for; both days count."""

    id: str
    name: str
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the recognition holds on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


class IssuerSchema(Schema):
    """`[[issuers]]`."""

    id = fields.String(required=True, validate=_ID)
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    since = DayField(required=True)
    until = DayField(load_default=None)


class ListSchema(Schema):
    """The whole file."""

    issuers = fields.List(fields.Nested(IssuerSchema), required=True)


def read_recognised_issuers(path: Path) -> tuple[RecognisedIssuer, ...]:
    """Read and check `path`.

    Raises:
        RecognisedIssuersError: every problem: syntax, unknown or missing field, wrong form, a double, an end before
            its start.
    """
    file = read_toml(path)
    loaded = file.load(ListSchema())
    if loaded is not None:
        for place, message in _cross_check(loaded["issuers"]):
            file.refuse(place, message)
    if loaded is None or file.problems:
        raise RecognisedIssuersError(file.problems)
    return tuple(RecognisedIssuer(**entry) for entry in loaded["issuers"])


def _cross_check(entries: Sequence[dict[str, Any]]) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry["id"] in seen:
            yield ("issuers", index, "id"), f"{entry['id']!r} is already used above"
        seen.add(entry["id"])
        if entry["until"] is not None and entry["until"] < entry["since"]:
            yield ("issuers", index, "until"), f"{entry['until']} is before since {entry['since']}"
