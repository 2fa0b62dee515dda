"""Pathways from the command line: how far everybody is, and conditions that somebody confirms."""

import pytest

from tests.cli.running import Deployment

ORGANISATION, REFERENCE = "coup-de-main-bocage", "CDM-2024-001"
CONDITION = "observation_in_establishment"


def test_progress_is_said_in_words(awarded: Deployment) -> None:
    shown = awarded.run("pathways", "progress", "--organisation", ORGANISATION).out.splitlines()
    listed = awarded.run("pathways", "progress", "--json").json

    assert f"{ORGANISATION}  {REFERENCE}  PAR-1  6/7, MS-01 à porter au niveau 2" in shown
    assert all(list(one) == ["organisation", "recipient_ref", "pathway", "progress"] for one in listed)
    assert {one["organisation"] for one in listed} > {ORGANISATION}
    assert len([one for one in listed if one["organisation"] == ORGANISATION]) == len(shown)


def test_a_condition_is_confirmed_once(awarded: Deployment) -> None:
    words = ["pathways", "confirm", ORGANISATION, REFERENCE, "par-1", CONDITION, "--by", "cdm-01"]

    first = awarded.run(*words)
    after = awarded.kept()
    second = awarded.run(*words)

    assert (first.code, first.out) == (0, "confirmed\n")
    assert (second.code, second.out) == (0, "confirmed\n")
    assert awarded.query("SELECT pathway_slug, kind, confirmed_by FROM condition_confirmations") == [
        ("par-1", CONDITION, "cdm-01")
    ]
    assert awarded.kept() == after


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["progress", "--organisation", "personne"], "unknown issuer (personne)"),
        (
            ["confirm", ORGANISATION, "PERSONNE", "par-1", CONDITION, "--by", "cdm-01"],
            f"{ORGANISATION} knows nobody by that reference",
        ),
        (["confirm", ORGANISATION, REFERENCE, "par-9", CONDITION, "--by", "cdm-01"], "unknown pathway (par-9)"),
        (
            ["confirm", ORGANISATION, REFERENCE, "par-3", CONDITION, "--by", "cdm-01"],
            f"nothing of that kind to confirm in PAR-3 ({CONDITION})",
        ),
        (
            ["confirm", ORGANISATION, REFERENCE, "par-1", CONDITION, "--by", "est-01"],
            "has no mandate to confirm this today (est-01)",
        ),
        (
            ["confirm", ORGANISATION, REFERENCE, "par-1", "autre", "--by", "cdm-01"],
            f"Invalid value for '{{{CONDITION}|company_endorsement}}': 'autre' is not one of",
        ),
    ],
)
def test_what_cannot_be_confirmed(awarded: Deployment, words: list[str], message: str) -> None:
    before = awarded.kept()

    ran = awarded.run("pathways", *words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.error.startswith(f"badges-server: {message}")
    assert awarded.kept() == before
