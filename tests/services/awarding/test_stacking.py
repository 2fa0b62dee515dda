"""Progress on a pathway, in the words that people read."""

from dataclasses import replace
from datetime import date

import pytest

from badges_server.credentials.model import Achievement, Choice, Component, Condition, Pathway
from badges_server.services.awarding.stacking import Held, Progress, may_count, progress_on
from badges_server.storage.catalogue import read_catalogue
from tests.services.conftest import ROOT

CATALOGUE = read_catalogue(ROOT / "badge_classes")
CLASSES = {entry.achievement.slug: entry.achievement for entry in CATALOGUE.entries}
CODES = {slug: achievement.code for slug, achievement in CLASSES.items()}
PATHWAYS = {pathway.slug: pathway for pathway in CATALOGUE.pathways}
DAY = date(2026, 6, 1)
PAR_1 = PATHWAYS["par-1"]
SIX = {"se-01": 2, "se-03": 2, "sec-01": 2, "net-03": 2, "ms-01": 2, "ms-04": 2}


def held(slug: str, level: int | None = 2, on: date = DAY) -> Held:
    return Held(f"{slug}-{level}", CLASSES[slug], level, on)


def progress(pathway: Pathway, levels: dict[str, int], *confirmed: str) -> Progress:
    return progress_on(pathway, [held(slug, level) for slug, level in levels.items()], CODES, confirmed)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"ms-01": 1, "ms-02": 1}, "6/7, MS-01 à porter au niveau 2"),
        ({"ms-01": 1, "sec-01": 1, "ms-03": 2}, "5/7, SEC-01 à porter au niveau 2, MS-01 à porter au niveau 2"),
        ({"se-03": 0, "ms-01": 0, "ms-02": 2}, "5/7, il manque SE-03 et MS-01"),
        ({"se-01": 0, "se-03": 0, "ms-01": 0, "ms-02": 2}, "4/7, il manque SE-01, SE-03 et MS-01"),
        ({"se-03": 0, "ms-01": 1, "ms-02": 2}, "5/7, il manque SE-03, MS-01 à porter au niveau 2"),
        ({}, "6/7, 1 à choisir parmi MS-02 et MS-03"),
        ({"ms-04": 0}, "5/7, il manque MS-04, 1 à choisir parmi MS-02 et MS-03"),
    ],
)
def test_the_words_of_a_pathway_under_way(changes: dict[str, int], text: str) -> None:
    levels = {slug: level for slug, level in (SIX | changes).items() if level}

    found = progress(PAR_1, levels)

    assert found.text == text
    assert not found.is_reached
    assert f"{found.done}/{found.total}" == text.partition(",")[0]


def test_conditions_wait_for_somebody_to_confirm_them() -> None:
    complete = SIX | {"ms-02": 1}
    kinds = [condition.kind for condition in PAR_1.conditions]

    waiting = progress(PAR_1, complete)
    confirmed = progress(PAR_1, complete, *kinds)

    assert waiting.text.startswith("7/7, à confirmer : Au moins une observation")
    assert (waiting.is_reached, [c.kind for c in waiting.to_confirm]) == (False, kinds)
    assert (confirmed.text, confirmed.is_reached, len(confirmed.components)) == ("7/7", True, 7)


def test_both_choices_held_fill_one_place() -> None:
    found = progress(PAR_1, SIX | {"ms-02": 1, "ms-03": 2}, "observation_in_establishment")

    assert (found.done, found.total) == (7, 7)


def test_the_highest_level_counts_and_stands_for_the_lower() -> None:
    pathway = replace(PAR_1, required=(Component("ms-01", 1),), choices=(), conditions=())

    found = progress_on(pathway, [held("ms-01", 1), held("ms-01", 2), held("ms-01", 1)], CODES)

    assert found.is_reached
    assert [one.level for one in found.components] == [2]


def test_an_achievement_without_levels_fills_a_place_without_level() -> None:
    pathway = replace(PAR_1, required=(Component("par-2", None),), choices=(), conditions=())

    assert progress_on(pathway, [held("par-2", None)], CODES).is_reached


@pytest.mark.parametrize(("last", "reached"), [(date(2026, 5, 27), False), (date(2026, 5, 28), True)])
def test_the_least_time_between_first_and_last(last: date, *, reached: bool) -> None:
    span = Condition("minimum_span", "Trois mois au moins", 3)
    pathway = replace(PAR_1, required=(Component("ev-01", 2), Component("ev-02", 2)), choices=(), conditions=(span,))

    found = progress_on(pathway, [held("ev-01", on=date(2026, 2, 28)), held("ev-02", on=last)], CODES)

    assert found.is_reached is reached
    assert found.text == ("2/2" if reached else "2/2, à confirmer : Trois mois au moins")


FOUR = {"se-01": 2, "se-03": 2, "se-05": 2, "sec-02": 1, "mob-01": 1, "num-02": 1}


@pytest.mark.parametrize(
    ("technical", "text"),
    [
        ({}, "6/8, 2 badges techniques du même secteur à choisir au niveau 2"),
        ({"ev-01": 2}, "7/8, 1 badge technique du même secteur à choisir au niveau 2"),
        ({"ev-01": 2, "net-01": 2}, "7/8, 1 badge technique du même secteur à choisir au niveau 2"),
        ({"ev-01": 2, "ev-02": 1}, "7/8, 1 badge technique du même secteur à choisir au niveau 2"),
        ({"se-02": 2, "se-04": 2}, "6/8, 2 badges techniques du même secteur à choisir au niveau 2"),
        ({"ev-01": 2, "net-01": 2, "net-02": 2}, "8/8, à confirmer : "),
    ],
)
def test_two_technical_badges_of_one_sector(technical: dict[str, int], text: str) -> None:
    assert progress(PATHWAYS["par-4"], FOUR | technical).text.startswith(text)


def test_a_required_achievement_is_not_chosen_a_second_time() -> None:
    choice = Choice(1, ("ev-01", "ev-02"), 2)
    pathway = replace(PAR_1, required=(Component("ev-01", 2),), choices=(choice,), conditions=())

    assert progress_on(pathway, [held("ev-01")], CODES).text == "1/2, 1 à choisir parmi EV-01 et EV-02 au niveau 2"


@pytest.mark.parametrize(
    ("pathway", "slug", "expected"),
    [("par-1", "ms-01", True), ("par-1", "ms-03", True), ("par-1", "ev-01", False), ("par-4", "ev-01", True),
     ("par-4", "se-02", False), ("par-4", "par-1", False)],
)  # fmt: skip
def test_what_may_count_on_a_pathway(pathway: str, slug: str, *, expected: bool) -> None:
    achievement: Achievement = CLASSES[slug]

    assert may_count(PATHWAYS[pathway], achievement) is expected
