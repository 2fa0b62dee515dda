"""The header of an award file (interface.md, "Award CSV"), checked strictly: a misspelt column loses nobody's data."""

import csv
from dataclasses import dataclass

from badges_server.credentials.errors import BadgeError
from badges_server.services.awarding.csv_file.records import BadRecord, Record

MOST_OBSERVATIONS = 9
REQUIRED = ("recipient_ref", "achievement", "level", "observed_on", "observer")
OPTIONAL = ("organisation", "first_name", "last_name", "email", "phone", "evidence", "presentation", "accepted_on")
OBSERVATION_COLUMNS = ("observed_on", "observer", "evidence")


class AwardHeaderError(BadgeError):
    """The first line of an award file is not the header that it should be; nothing can be read from the file."""

    code = "AWARD_FILE_HEADER"


@dataclass(frozen=True)
class Header:
    """The columns in their order, and what separates them.

    Attributes:
        observations: how many observations a line may hold.
    """

    columns: tuple[str, ...]
    delimiter: str
    observations: int


def column_name(name: str, position: int) -> str:
    """Name the column of the n-th observation: `observed_on`, `observed_on_2` and so on."""
    return name if position == 1 else f"{name}_{position}"


def read_header(record: Record | BadRecord | None, *, issuer: str | None) -> Header:
    """Check the header.

    Args:
        record: the file's first record.
        issuer: the awarding organisation when the operator named it; then its column may be missing.

    Raises:
        AwardHeaderError: no header, or columns that are unknown, missing or there twice; each is named.
    """
    if record is None:
        raise AwardHeaderError("the file is empty: the first line must be the header", path="line 1")
    if isinstance(record, BadRecord):
        raise AwardHeaderError(f"the header cannot be read: {record.refusal}", path=f"line {record.number}")
    delimiter = ";" if record.text.count(";") > record.text.count(",") else ","
    columns = tuple(cell.strip() for cell in next(csv.reader([record.text], delimiter=delimiter), []))
    problems = [*_unknown(columns), *_twice(columns), *_missing(columns, issuer)]
    if problems:
        raise AwardHeaderError("; ".join(problems), value=list(columns), path=f"line {record.number}")
    return Header(columns, delimiter, _observations(columns))


def _allowed() -> set[str]:
    numbered = {column_name(c, p) for c in OBSERVATION_COLUMNS for p in range(1, MOST_OBSERVATIONS + 1)}
    return {*REQUIRED, *OPTIONAL, *numbered}


def _unknown(columns: tuple[str, ...]) -> list[str]:
    return [f"unknown column {column[:40]!r}" for column in columns if column not in _allowed()]


def _twice(columns: tuple[str, ...]) -> list[str]:
    return [f"column {column!r} is there twice" for column in sorted(set(columns)) if columns.count(column) > 1]


def _missing(columns: tuple[str, ...], issuer: str | None) -> list[str]:
    wanted = [*REQUIRED, *([] if issuer else ["organisation"])]
    for position in range(2, _observations(columns) + 1):
        wanted += [column_name("observed_on", position), column_name("observer", position)]
    return [f"column {column!r} is missing" for column in wanted if column not in columns]


def _observations(columns: tuple[str, ...]) -> int:
    positions = range(1, MOST_OBSERVATIONS + 1)
    return max((p for p in positions for c in OBSERVATION_COLUMNS if column_name(c, p) in columns), default=1)
