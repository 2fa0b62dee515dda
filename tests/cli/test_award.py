"""Awarding from the command line: what is signed, offered, kept back; what a second run adds; what programs read."""

import os
import re

import pytest

from tests.cli.running import EXAMPLES, INSTALLED, Deployment
from tests.services.awarding.files import ORGANISATION, csv_of, people

BOM = b"\xef\xbb\xbf"
UNOBSERVED = {"observed_on_2": "", "observer_2": "", "evidence_2": "", "accepted_on": ""}
MIXED = csv_of(
    {},
    {"recipient_ref": "B", "accepted_on": ""},
    {"recipient_ref": "C"} | UNOBSERVED,
    {"recipient_ref": "D", "presentation": "named"},
)
NOT_READY = "line 4 is not ready: observed_on_2: 2 different dated observations are needed\n"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
CODE = r"[2-9A-HJKMNP-Z]{10}"


def test_lines_are_signed_offered_or_kept_and_only_once(anywhere: Deployment) -> None:
    file = anywhere.file("equipe.csv", MIXED)

    first = anywhere.run("award", file)
    after = anywhere.kept()
    second = anywhere.run("award", file)

    assert (first.code, first.out) == (0, f"2 signed, 1 offered, 1 draft\n{NOT_READY}")
    assert (second.code, second.out) == (0, f"1 draft, 3 unchanged\n{NOT_READY}")
    assert anywhere.kept() == after
    assert len(after["credentials"]) == 2
    assert anywhere.run("lint", "--all").out == "2 checked, 0 failures\n"


def test_the_sample_team_comes_out_as_its_readme_says(awarded: Deployment) -> None:
    """40 people, neutral and named; accepted, only offered, or not ready yet; one expired."""
    before = awarded.kept()

    again = awarded.run("award", EXAMPLES / "team.csv", "--json").json

    assert again["counts"] == {"signed": 0, "offered": 0, "draft": 3, "unchanged": 55, "held": 0, "refused": 0}
    assert awarded.kept() == before
    assert len(before["people"]) == 40
    states = dict(awarded.query("SELECT state, count(*) FROM awards GROUP BY state"))
    assert states == {"signed": 47, "offered": 8, "draft": 3}
    issuers = dict(awarded.query("SELECT issuer_slug, count(*) FROM credentials GROUP BY issuer_slug"))
    assert sum(issuers.values()) == 47
    assert issuers["reconnaissance-normandie"] > 0
    assert len(issuers) > 1
    assert len(awarded.query("SELECT id FROM credentials WHERE valid_until < '2026-11-01'")) == 1
    assert len(awarded.query("SELECT DISTINCT achievement_slug FROM awards")) > 20


def test_a_dry_run_writes_nothing(deployment: Deployment) -> None:
    before = deployment.kept()

    ran = deployment.run("award", deployment.file("equipe.csv", MIXED), "--dry-run")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"nothing was written; would be: 2 signed, 1 offered, 1 draft\n{NOT_READY}"
    assert deployment.kept() == before


def test_a_dry_run_says_no_to_a_file_with_refused_lines(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of({}, {"recipient_ref": "B", "level": "4"}))

    ran = deployment.run("award", file, "--dry-run")

    assert ran.code == 1
    assert ran.error == "equipe.csv, line 3: level: the class has no such level: 4"
    assert ran.out == "nothing was written: 1 refused line; correct it or use --partial\n"
    foretold = deployment.run("award", file, "--dry-run", "--partial")
    assert (foretold.code, foretold.out) == (0, "nothing was written; would be: 1 signed, 1 refused\n")


def test_partial_awards_the_good_lines_beside_the_refused_one(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of({}, {"recipient_ref": "B", "level": "4"}, {"recipient_ref": "C"}))

    ran = deployment.run("award", file, "--partial")

    assert ran.code == 0
    assert ran.out == "2 signed, 1 refused\n"
    assert ran.err.splitlines() == ["awarding: 3/3", "equipe.csv, line 3: level: the class has no such level: 4"]
    assert len(deployment.kept()["credentials"]) == 2


def test_the_mended_file_awards_what_was_missing(deployment: Deployment) -> None:
    wrong = deployment.file("equipe.csv", csv_of({}, {"recipient_ref": "B", "level": "4"}))
    assert deployment.run("award", wrong, "--partial").code == 0

    mended = deployment.run("award", deployment.file("equipe.csv", csv_of({}, {"recipient_ref": "B"})))

    assert (mended.code, mended.out) == (0, "1 signed, 1 unchanged\n")


def test_the_issuer_may_be_named_on_the_command_line(deployment: Deployment) -> None:
    without = b"\n".join(line.partition(b",")[2] for line in csv_of({}).splitlines())

    ran = deployment.run("award", deployment.file("equipe.csv", without), "--issuer", ORGANISATION)

    assert (ran.code, ran.out) == (0, "1 signed\n")
    assert deployment.query("SELECT organisation_slug FROM awards") == [(ORGANISATION,)]


def test_another_issuer_than_the_files_is_refused(deployment: Deployment) -> None:
    before = deployment.kept()

    ran = deployment.run("award", deployment.file("equipe.csv", csv_of({})), "--issuer", "estuaire-interim")

    assert ran.code == 1
    reason = f"organisation: {ORGANISATION} is not the organisation that --issuer names"
    assert ran.error == f"equipe.csv, line 2: {reason}"
    assert deployment.kept() == before


@pytest.mark.parametrize("issuer", ["personne", "coorace-normandie", ""])
def test_an_issuer_that_is_no_member_is_wrong_use_at_once(deployment: Deployment, issuer: str) -> None:
    before = deployment.kept()

    ran = deployment.run("award", deployment.file("equipe.csv", csv_of({})), "--issuer", issuer)

    assert (ran.code, ran.out) == (2, "")
    assert ran.error.startswith("badges-server: no member has the slug that --issuer names")
    assert deployment.kept() == before


def test_programs_read_one_object(deployment: Deployment) -> None:
    refused = {"recipient_ref": "E", "level": "4"}
    file = deployment.file("equipe.csv", MIXED + csv_of(refused).splitlines(keepends=True)[1])

    ran = deployment.run("award", file, "--partial", "--json")

    assert (ran.code, ran.err) == (0, "")
    report = ran.json
    assert list(report) == ["written", "dry_run", "finished_before", "counts", "lines"]
    assert (report["written"], report["dry_run"], report["finished_before"]) == (True, False, 0)
    assert report["counts"] == {"signed": 2, "offered": 1, "draft": 1, "unchanged": 0, "held": 0, "refused": 1}
    signed, offered, draft, _, wrong = report["lines"]
    assert list(signed) == ["line", "outcome", "achievement", "award_id", "credential_id", "code", "reasons", "differs"]
    assert re.fullmatch(UUID, signed["award_id"])
    assert re.fullmatch(UUID, signed["credential_id"])
    assert re.fullmatch(CODE, signed["code"])
    assert (signed["line"], signed["outcome"], signed["achievement"], signed["reasons"]) == (2, "signed", "EV-02", [])
    assert (offered["outcome"], offered["credential_id"], offered["code"]) == ("offered", None, None)
    detail = "2 different dated observations are needed"
    assert draft["reasons"] == [{"code": "too_few_observations", "column": "observed_on_2", "detail": detail}]
    assert wrong["award_id"] is None
    assert [reason["code"] for reason in wrong["reasons"]] == ["level_not_in_class"]


def test_an_unchanged_line_tells_which_wish_it_leaves_unmet(deployment: Deployment) -> None:
    code = deployment.run("award", deployment.file("equipe.csv", csv_of({})), "--json").json["lines"][0]["code"]
    file = deployment.file("nouveau.csv", csv_of({"presentation": "named", "first_name": "Zoélie"}))

    for words in ([], ["--dry-run"]):
        ran = deployment.run("award", file, *words)
        remedy = f"run reissue {code} --replace --presentation named"
        assert ran.code == 0
        kept = "first_name (kept as the first file said; no file changes it)"
        assert ran.out.splitlines()[1:] == [f"line 2 is unchanged, though it differs: presentation ({remedy}), {kept}"]
        told = deployment.run("award", file, *words, "--json").json["lines"][0]
        assert (told["outcome"], [one["column"] for one in told["differs"]]) == (
            "unchanged",
            ["presentation", "first_name"],
        )
        assert told["differs"][0]["remedy"] == remedy
    assert deployment.run("reissue", code, "--replace", "--presentation", "named").code == 0
    file = deployment.file("nouveau.csv", csv_of({"presentation": "named"}))
    assert deployment.run("award", file).out == "1 unchanged\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(csv_of({}, delimiter=";"), id="semicolons"),
        pytest.param(BOM + csv_of({}), id="byte order mark"),
        pytest.param(csv_of({}).replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(BOM + csv_of({}, delimiter=";").replace(b"\n", b"\r\n"), id="as a French spreadsheet saves"),
        pytest.param(csv_of({}).rstrip(b"\n"), id="no line end at the end"),
        pytest.param(csv_of({}) + b"\n" + b"," * 15 + b"\n", id="blank rows at the end"),
        pytest.param(csv_of({"evidence": "Haie droite,\nsans trou"}), id="a line end in a cell"),
    ],
)
def test_files_as_programs_save_them_are_read(deployment: Deployment, data: bytes) -> None:
    ran = deployment.run("award", deployment.file("equipe.csv", data), "--dry-run")

    assert (ran.code, ran.out, ran.err) == (0, "nothing was written; would be: 1 signed\n", "")


def test_a_file_with_a_header_only_awards_nothing(deployment: Deployment) -> None:
    before = deployment.kept()

    ran = deployment.run("award", deployment.file("equipe.csv", csv_of()))

    assert (ran.code, ran.out) == (0, "no line\n")
    assert deployment.kept() == before


def test_a_file_may_come_through_a_pipe(deployment: Deployment) -> None:
    deployment.file("equipe.csv", csv_of({}))

    ran = deployment.run_program(["sh", "-c", f"cat equipe.csv | '{INSTALLED}' award /dev/stdin"])

    assert (ran.code, ran.out) == (0, "1 signed\n")


def test_long_work_says_where_it_stands(deployment: Deployment) -> None:
    ran = deployment.run("award", deployment.file("equipe.csv", csv_of(*people(401, accepted_on=""))))

    assert (ran.code, ran.out) == (0, "401 offered\n")
    assert ran.err.splitlines() == ["awarding: 200/401", "awarding: 400/401", "awarding: 401/401"]


def test_a_terminal_gets_a_bar(deployment: Deployment) -> None:
    file = deployment.file("equipe.csv", csv_of({}))
    terminal, end = os.openpty()

    ran = deployment.run_program([str(INSTALLED), "award", str(file)], stderr=end)
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)

    assert (ran.code, ran.out) == (0, "1 signed\n")
    assert re.search(r"awarding  \[#+\]  1/1", shown), shown
