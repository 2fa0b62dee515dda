"""Award files that are refused: which line, why, what to do; and nothing is written."""

import time
from pathlib import Path

import pytest

from tests.cli.running import EXAMPLES, Deployment
from tests.services.awarding.files import COLUMNS, csv_of

HEADER = ",".join(COLUMNS)
WITHOUT_OBSERVER = ",".join(column for column in COLUMNS if column != "observer")
UNREADABLE = "the header cannot be read"
LEFT = (
    "observed_on: the organisation did not belong to the network on 2026-05-04; "
    "observed_on_2: the organisation did not belong to the network on 2026-05-12"
)
MEBIBYTE = 1024  # in KiB


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("observer,", "observateur,"), "unknown column 'observateur'; column 'observer' is missing"),
        (WITHOUT_OBSERVER, "column 'observer' is missing"),
        (HEADER.replace("organisation,", ""), "column 'organisation' is missing"),
        (f"{HEADER},level", "column 'level' is there twice"),
        (f"{HEADER},", "unknown column ''"),
        (HEADER.replace(",", "\t"), f"{UNREADABLE}: holds the character U+0009, which no badge may carry: delete it"),
        ("x" * 10_000_000, f"{UNREADABLE}: longer than 65536 bytes"),
        (HEADER.replace("observer,", '"observer,'), f"{UNREADABLE}: quotes that do not match"),
        ("", "the file is empty: the first line must be the header"),
    ],
)
def test_a_wrong_header_is_wrong_use(deployment: Deployment, header: str, message: str) -> None:
    before = deployment.kept()
    file = deployment.file("equipe.csv", f"{header}\n" if header else "")

    ran = deployment.run("award", file)

    assert ran.code == 2
    assert ran.out == ""
    assert ran.error.startswith(f"badges-server: equipe.csv, line 1: {message}")
    assert deployment.kept() == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"observed_on": "04/05/2026"}, "observed_on: 04/05/2026 is not a day written as 2026-01-31"),
        ({"observed_on": "2026-02-30"}, "observed_on: 2026-02-30 is not a day written as 2026-01-31"),
        ({"observed_on_2": "2099-01-01"}, "observed_on_2: 2099-01-01 is still to come"),
        ({"accepted_on": "2026-5-20"}, "accepted_on: 2026-5-20 is not a day written as 2026-01-31"),
        ({"achievement": "ev-99"}, "achievement: no achievement has the slug or code ev-99"),
        ({"achievement": "ev-03", "level": "3"}, "level: the class has no such level: 3"),
        ({"level": "4"}, "level: the class has no such level: 4"),
        ({"level": "deux"}, "level: deux is not a level: write 1, 2 or 3"),
        ({"level": "3", "observer_2": "mvp-01"}, "observer_2: two different observers are needed from level 3 on"),
        (
            {"observed_on_2": "2026-09-15", "observer_2": "mvp-04", "accepted_on": "2026-09-20"},
            "observer_2: the observer had no mandate for this class and organisation on 2026-09-15",
        ),
        ({"observer": "cdm-01"}, "observer: the observer had no mandate for this class and organisation on 2026-05-04"),
        ({"observer": "personne"}, "observer: no member of staff has the reference personne"),
        (
            {"organisation": "atelier-des-falaises", "observer": "adf-01", "observer_2": "adf-01"},
            LEFT,
        ),
        ({"recipient_ref": "mvp-01"}, "observer: the observer is the recipient: nobody awards to themselves"),
        ({"recipient_ref": ""}, "recipient_ref: this cell must not be empty"),
        ({"organisation": "inconnue"}, "organisation: no member has the slug inconnue"),
        ({"evidence": "x" * 4001}, "evidence: longer than 4000 characters"),
        ({"evidence": "a\ufffeb"}, "holds the character U+FFFE, which no badge may carry: delete it"),
        ({"evidence": "a\x1bb"}, "holds the character U+001B, which no badge may carry: delete it"),
        ({"last_name": "Mar\u202etel"}, "holds the character U+202E, which no badge may carry: delete it"),
        ({"evidence": "a\u2028b"}, "holds the character U+2028, which no badge may carry: delete it"),
        ({"email": "alix@exemple"}, "email: not an e-mail address: one @, a dot after it, no space"),
        ({"evidence": "a\x00b"}, "holds a NUL byte: is this a text file?"),
        ({"evidence": "x" * 10_000_000}, "longer than 65536 bytes"),
    ],
)
def test_a_wrong_line_stops_the_whole_file(deployment: Deployment, change: dict[str, str], reason: str) -> None:
    before = deployment.kept()
    file = deployment.file("equipe.csv", csv_of({"recipient_ref": "A"}, change, {"recipient_ref": "C"}))

    ran = deployment.run("award", file)

    assert ran.code == 1
    assert ran.error == f"equipe.csv, line 3: {reason}"
    assert ran.out == "nothing was written: 1 refused line; correct it or use --partial\n"
    assert deployment.kept() == before


def test_a_line_that_is_there_twice_names_the_first(deployment: Deployment) -> None:
    before = deployment.kept()
    file = deployment.file("equipe.csv", csv_of({}, {"recipient_ref": "B"}, {"first_name": "Alice"}))

    ran = deployment.run("award", file)

    assert ran.code == 1
    assert ran.error == "equipe.csv, line 4: says the same as line 2: delete one of them"
    assert deployment.kept() == before


def test_cp1252_is_refused_line_by_line(deployment: Deployment) -> None:
    before = deployment.kept()
    text = csv_of({"evidence": "Plain"}, {"recipient_ref": "B"}).decode().encode("cp1252")

    ran = deployment.run("award", deployment.file("equipe.csv", text))

    assert ran.code == 1
    saying = "not UTF-8; looks like Windows-1252, save as UTF-8"
    assert ran.err.splitlines() == [f"equipe.csv, line 2: {saying}", f"equipe.csv, line 3: {saying}"]
    assert deployment.kept() == before


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_named(deployment: Deployment, encoding: str) -> None:
    before = deployment.kept()
    mark = "\ufeff" if encoding == "utf-16-be" else ""

    ran = deployment.run("award", deployment.file("equipe.csv", (mark + csv_of({}).decode()).encode(encoding)))

    assert ran.code == 2
    saying = "line 1: the header cannot be read: not UTF-8; looks like UTF-16, save as UTF-8"
    assert ran.error == f"badges-server: equipe.csv, {saying}"
    assert deployment.kept() == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.csv", "Invalid value for 'FILE': File 'absent.csv' does not exist."),
        ("keys", "Invalid value for 'FILE': File 'keys' is a directory."),
    ],
)
def test_what_is_no_file_is_wrong_use(deployment: Deployment, name: str, message: str) -> None:
    before = deployment.kept()

    ran = deployment.run("award", name)

    assert ran.code == 2
    assert ran.error == f"badges-server: {message} (see badges-server award --help)"
    assert deployment.kept() == before


def test_a_long_line_costs_neither_time_nor_memory(deployment: Deployment) -> None:
    small = deployment.file("small.csv", csv_of({"level": "4"}))
    large = deployment.file("large.csv", csv_of({"evidence": "é" * 5_000_000}, {"evidence": '"' * 10_000_000}))
    ordinary = deployment.run("award", small)
    assert ordinary.code == 1

    start = time.monotonic()
    ran = deployment.run("award", large)
    took = time.monotonic() - start

    assert ran.code == 1
    assert [line.partition(": ")[2] for line in ran.err.splitlines()] == ["longer than 65536 bytes"] * 2
    assert took < 10
    assert ran.peak - ordinary.peak < 20 * MEBIBYTE


# examples/team-refused.csv, line by line; line 18 is the good one.
REFUSED = {
    2: "observed_on: 04/05/2026 is not a day written as 2026-01-31",
    3: "achievement: no achievement has the slug or code ev-99",
    4: "level: the class has no such level: 4",
    5: "level: the class has no such level: 3",
    6: "observer_2: two different observers are needed from level 3 on",
    7: "observer_2: the observer had no mandate for this class and organisation on 2026-09-15",
    8: "observer: no member of staff has the reference inconnu-01",
    9: LEFT,
    10: "observed_on: 2019-05-04 lies before the class was published; "
    "observed_on_2: 2019-05-12 lies before the class was published",
    11: "observed_on_2: 2 different dated observations are needed",
    12: "accepted_on: accepted on 2026-05-01, before the last observation",
    13: "observed_on: 2099-01-01 is still to come",
    14: "observer: the observer is the recipient: nobody awards to themselves",
    15: "presentation: publique is neither neutral nor named",
    16: "organisation: no member has the slug inconnue",
    17: "recipient_ref: this cell must not be empty",
    19: "says the same as line 18: delete one of them",
    20: "achievement: PAR-1 is a milestone: its pathway offers it, no file does",
    21: "level: this class has levels (1, 2, 3): name one",
}


def test_every_line_of_the_sample_of_refusals_says_its_reason(deployment: Deployment) -> None:
    before = deployment.kept()
    file = EXAMPLES / "team-refused.csv"

    ran = deployment.run("award", file)

    assert ran.code == 1
    assert ran.err.splitlines() == [f"{file}, line {number}: {reason}" for number, reason in REFUSED.items()]
    assert ran.out == "nothing was written: 19 refused lines; correct them or use --partial\n"
    assert deployment.kept() == before


def test_no_refusal_repeats_what_is_about_a_person(deployment: Deployment) -> None:
    secret = {"recipient_ref": "REF-SECRET", "first_name": "Zoélie", "last_name": "Quesnel", "email": "z@q.example"}
    file = deployment.file("equipe.csv", csv_of(secret | {"level": "4", "evidence": "Vertiges"}, secret))

    ran = deployment.run("award", file, "--json")

    assert ran.code == 1
    for word in ("REF-SECRET", "Zoélie", "Quesnel", "z@q.example", "Vertiges"):
        assert word not in ran.out + ran.err


def test_the_file_is_left_as_it_was(deployment: Deployment) -> None:
    data = csv_of({"level": "4"})
    name = deployment.file("equipe.csv", data)

    deployment.run("award", name)

    assert Path(deployment.folder / name).read_bytes() == data
