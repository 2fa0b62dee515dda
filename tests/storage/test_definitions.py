"""Achievements and pathways as JSON text, there and back."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.errors import ParsingError
from badges_server.credentials.model import Achievement, Choice, Component, Condition, EvidenceRule, Pathway
from badges_server.storage.catalogue import read_catalogue
from badges_server.storage.definitions import (
    achievement_from_text,
    achievement_text,
    pathway_from_text,
    pathway_text,
)

OURS = Path(__file__).resolve().parents[2] / "badge_classes"
# No surrogates: text that is no text cannot be written down.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEVEL = st.none() | st.integers(1, 3)
ALIGNMENT = st.builds(
    lambda kind, code, partial: {"target_type": kind, "code": code, "partial": partial},
    st.sampled_from(["ROME", "ESCO", "CLEA"]),
    TEXT,
    st.booleans(),
)


def tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=4).map(tuple)


ACHIEVEMENTS = st.builds(
    Achievement,
    **dict.fromkeys(("slug", "code", "version", "name", "description", "easy_read", "sector", "evidence"), TEXT),
    **dict.fromkeys(("achievement_type", "language"), TEXT),
    levels=tuples(st.integers(1, 3)),
    criteria=tuples(TEXT),
    tags=tuples(TEXT),
    published_on=st.dates(),
    evidence_rule=st.builds(EvidenceRule, st.integers(1, 9), st.integers(1, 3)),
    validity_months=st.none() | st.integers(1, 120),
    caution=st.none() | TEXT,
    milestone=st.booleans(),
    retired=st.booleans(),
)
PATHWAYS = st.builds(
    Pathway,
    **dict.fromkeys(("slug", "code", "version", "name", "description", "easy_read", "milestone"), TEXT),
    rome_targets=tuples(TEXT),
    required=tuples(st.builds(Component, TEXT, LEVEL)),
    choices=tuples(st.builds(Choice, st.integers(1, 5), tuples(TEXT), LEVEL, st.booleans())),
    conditions=tuples(st.builds(Condition, TEXT, TEXT, st.none() | st.integers(1, 24))),
)


@given(ACHIEVEMENTS)
def test_achievement_comes_back_equal(achievement: Achievement) -> None:
    assert achievement_from_text(achievement_text(achievement)) == achievement


@given(PATHWAYS)
def test_pathway_comes_back_equal(pathway: Pathway) -> None:
    assert pathway_from_text(pathway_text(pathway)) == pathway


def test_our_own_catalogue_comes_back_equal() -> None:
    catalogue = read_catalogue(OURS)
    for entry in catalogue.entries:
        assert achievement_from_text(achievement_text(entry.achievement)) == entry.achievement
    for pathway in catalogue.pathways:
        assert pathway_from_text(pathway_text(pathway)) == pathway


def test_fields_at_their_default_are_left_out() -> None:
    achievement = Achievement("a", "A", "1", "n", "d", "e", "s", (1,), ("c",), "v", "Badge", "fr", date(2026, 1, 2))
    assert achievement_text(achievement) == (
        '{"achievement_type":"Badge","code":"A","criteria":["c"],"description":"d","easy_read":"e","evidence":"v",'
        '"language":"fr","levels":[1],"name":"n","published_on":"2026-01-02","sector":"s","slug":"a","version":"1"}'
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"slug":"a","surprise":1}'])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ParsingError):
        achievement_from_text(text)
    with pytest.raises(ParsingError):
        pathway_from_text(text)
