"""Achievements and pathways as JSON text, the form in which the database keeps them.

The same content always gives the same text: keys in alphabetical order, and fields at their default left out, so that
a field added to the model later changes no text, and no digest, of what was loaded before.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from badges_server.credentials.errors import ParsingError
from badges_server.credentials.json_text import parse_json_object, write_json
from badges_server.credentials.model import (
    Achievement,
    Alignment,
    Choice,
    Component,
    Condition,
    EvidenceRule,
    Pathway,
)

_Kind = TypeVar("_Kind", Achievement, Pathway)


def achievement_text(achievement: Achievement) -> str:
    """Write an achievement; `achievement_from_text` gives it back equal."""
    return write_json(_plain(achievement))


def achievement_from_text(text: str) -> Achievement:
    """Read what `achievement_text` wrote.

    Raises:
        ParsingError: not such a text.
    """
    given = _Given(text)
    return given.make(
        Achievement,
        levels=tuple,
        criteria=tuple,
        tags=tuple,
        published_on=date.fromisoformat,
        evidence_rule=lambda rule: EvidenceRule(**rule),
        alignments=lambda found: tuple(Alignment(**one) for one in found),
    )


def pathway_text(pathway: Pathway) -> str:
    """Write a pathway; `pathway_from_text` gives it back equal."""
    return write_json(_plain(pathway))


def pathway_from_text(text: str) -> Pathway:
    """Read what `pathway_text` wrote.

    Raises:
        ParsingError: not such a text.
    """
    given = _Given(text)
    return given.make(
        Pathway,
        rome_targets=tuple,
        required=lambda found: tuple(Component(**one) for one in found),
        choices=lambda found: tuple(Choice(**{**one, "among": tuple(one["among"])}) for one in found),
        conditions=lambda found: tuple(Condition(**one) for one in found),
    )


class _Given:
    """A stored text, on its way back to a value."""

    def __init__(self, text: str) -> None:
        self._fields = parse_json_object(text)

    def make(self, kind: type[_Kind], **readings: Callable[[Any], Any]) -> _Kind:
        """Build the value, reading the named fields with `readings` and taking the others as they are."""
        try:
            read: dict[str, Any] = {
                name: readings[name](value) if name in readings else value for name, value in self._fields.items()
            }
            return kind(**read)
        except (TypeError, ValueError, KeyError) as error:
            raise ParsingError(f"not the text of a {kind.__name__}: {error}") from error


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _plain_fields(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any of our dataclasses
    given = {one.name: (getattr(value, one.name), _default(one)) for one in dataclasses.fields(value)}
    return {name: _plain(content) for name, (content, default) in sorted(given.items()) if content != default}


def _default(one: dataclasses.Field[Any]) -> object:
    return one.default if one.default_factory is dataclasses.MISSING else one.default_factory()
