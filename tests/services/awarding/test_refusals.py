"""One defect in a good line gives exactly that reason at that line; nothing is written beside a refused line."""

from datetime import date

import pytest

from badges_server.services.server import Server
from badges_server.storage.tables import AchievementRow, ConventionRow
from tests.services.awarding.files import assert_legal, award, counted, csv_of, outcomes, people, reasons

# What is changed in a good line → the one reason it must give.
DEFECTS: list[tuple[dict[str, str], str]] = [
    ({"organisation": "inconnue"}, "unknown_organisation"),
    ({"organisation": "coorace-normandie"}, "unknown_organisation"),
    ({"achievement": "ev-99"}, "unknown_achievement"),
    ({"achievement": "ev-04", "level": "1"}, "achievement_retired"),
    ({"achievement": "par-1", "level": ""}, "milestone_is_offered_by_its_pathway"),
    ({"level": "4"}, "level_not_in_class"),
    ({"achievement": "ev-03", "level": "3"}, "level_not_in_class"),
    ({"level": ""}, "level_missing"),
    ({"observed_on": "04/05/2026"}, "wrong_date_form"),
    ({"observed_on_2": "2026-11-24", "accepted_on": ""}, "date_in_future"),
    ({"observed_on": "2023-08-31"}, "before_publication"),
    ({"observer": "inconnu-01"}, "observer_unknown"),
    ({"observer_2": "mvp-04", "observed_on_2": "2026-07-01", "accepted_on": ""}, "observer_without_mandate"),
    ({"observer_2": "est-01"}, "observer_without_mandate"),
    (
        {"organisation": "coup-de-main-bocage", "observer": "cdm-01", "observer_2": "cdm-04"},
        "observer_without_mandate",
    ),
    (
        {"organisation": "estuaire-interim", "observer": "est-01", "observer_2": "est-04"},
        "observer_without_mandate",
    ),
    (
        {"organisation": "atelier-des-falaises", "observer": "adf-01", "observer_2": "adf-01"},
        "issuer_not_member_at_date",
    ),
    ({"organisation": "estuaire-interim", "observer": "est-01", "observer_2": "est-01",
      "observed_on": "2024-06-30", "observed_on_2": "2024-06-29"}, "no_active_convention_at_date"),
    ({"observed_on_2": "", "observer_2": "", "evidence_2": ""}, "too_few_observations"),
    ({"observed_on_2": "2026-05-04", "observer_2": "mvp-01"}, "too_few_observations"),
    ({"level": "3", "observer_2": "mvp-01"}, "second_observer_needed"),
    ({"level": "3", "observer_2": "mvp-01", "accepted_on": ""}, "second_observer_needed"),
    ({"recipient_ref": "mvp-01"}, "self_award"),
    ({"recipient_ref": "MVP-02"}, "self_award"),
    ({"accepted_on": "2026-05-11"}, "accepted_before_observation"),
    ({"accepted_on": "2026-11-24"}, "accepted_in_future"),
    ({"presentation": "publique"}, "presentation_unknown"),
    *(({"email": email}, "wrong_email_form") for email in ("alix", "a@b@c.example", "@c.example", "a@example",
                                                           "a b@c.example", "a@.example", "a@c..example")),
    ({"achievement": "sec-01", "observed_on": "2023-10-02", "observed_on_2": "2023-10-09", "observer": "mvp-02",
      "accepted_on": ""}, "already_expired"),
    ({"achievement": "sec-01", "observed_on": "2023-10-02", "observed_on_2": "2023-10-09", "observer": "mvp-02",
      "accepted_on": "2025-10-10"}, "already_expired"),
    ({"organisation": "atelier-des-falaises", "observer": "adf-01", "observer_2": "adf-01", "presentation": "named",
      "observed_on": "2025-11-03", "observed_on_2": "2025-12-31", "accepted_on": "2026-01-02"},
     "left_before_acceptance"),
]  # fmt: skip


def retire(server: Server, slug: str) -> None:
    with server.database.transaction() as session:
        session.get_one(AchievementRow, slug).retired = True


def test_each_defect_gives_its_own_reason_at_its_own_line(sqlite_ready: Server) -> None:
    retire(sqlite_ready, "ev-04")
    lines = [{"recipient_ref": f"REF-{number}"} | changes for number, (changes, _) in enumerate(DEFECTS)]

    report = award(sqlite_ready, csv_of(*lines, {"recipient_ref": "GOOD"}), dry_run=True)

    expected = {number: {reason} for number, (_, reason) in enumerate(DEFECTS, start=2)}
    assert reasons(report) == expected
    assert report.lines[-1].outcome == "signed"


def test_what_lies_just_on_the_right_side_is_awarded(sqlite_ready: Server) -> None:
    lines = [
        {"observer_2": "mvp-04", "observed_on_2": "2026-06-30", "accepted_on": "2026-06-30"},
        {"accepted_on": "2026-05-12"},
        {"accepted_on": "2026-11-23"},
        {"level": "3"},
        {"observed_on_2": "2026-05-04"},
        {"observed_on": "2026-11-23", "observed_on_2": "2026-11-23", "accepted_on": ""},
        {
            "organisation": "atelier-des-falaises", "observer": "adf-01", "observer_2": "adf-01",
            "observed_on": "2025-11-03", "observed_on_2": "2025-12-31", "accepted_on": "2026-01-02",
        },
        {
            "organisation": "atelier-des-falaises", "observer": "adf-01", "observer_2": "adf-01",
            "presentation": "named", "observed_on": "2025-11-03", "observed_on_2": "2025-12-01",
            "accepted_on": "2025-12-31",
        },
        {
            "organisation": "coup-de-main-bocage", "achievement": "MS-01", "observer": "cdm-01", "observer_2": "cdm-04",
        },
        {"recipient_ref": "mvp-03"},
        {"email": "alix.martel+badges@courrier.exemple.fr"},
    ]  # fmt: skip
    numbered = [{"recipient_ref": f"REF-{number}"} | changes for number, changes in enumerate(lines)]

    report = award(sqlite_ready, csv_of(*numbered), dry_run=True)

    assert reasons(report) == {}


def test_a_convention_that_has_ended_stops_awards_from_the_day_after(sqlite_ready: Server) -> None:
    with sqlite_ready.database.transaction() as session:
        row = session.get_one(ConventionRow, ("les-mains-vertes-du-perche", "ACI", date(2022, 1, 1)))
        row.ends_on = date(2026, 5, 12)

    report = award(
        sqlite_ready,
        csv_of({"recipient_ref": "A"}, {"recipient_ref": "B", "observed_on_2": "2026-05-13"}),
        dry_run=True,
    )

    assert reasons(report) == {3: {"no_active_convention_at_date"}}


def test_the_second_of_two_equal_lines_is_refused_and_names_the_first(sqlite_ready: Server) -> None:
    report = award(sqlite_ready, csv_of({}, {"level": "1"}, {"first_name": "Autre"}), dry_run=True)

    assert reasons(report) == {4: {"duplicate_line"}}
    assert "line 2" in report.refused[0].reason


def test_one_refused_line_and_nothing_is_written(ready: Server) -> None:
    report = award(ready, csv_of(*people(3), {"level": "9"}))

    assert (report.written, list(reasons(report))) == (False, [5])
    assert counted(ready) == {"awards": 0, "credentials": 0, "intents": 0, "indexes": 0}
    assert report.summary() == "nothing was written: 1 refused line; correct it or use --partial"
    assert award(ready, csv_of(*people(3), {"level": "9"}), dry_run=True).summary() == report.summary()


def test_partial_awards_the_rest(ready: Server) -> None:
    report = award(ready, csv_of(*people(3), {"level": "9"}), partial=True)

    assert outcomes(report) == ["signed", "signed", "signed", "refused"]
    assert counted(ready)["signed"] == 3
    assert_legal(ready)


def test_a_dry_run_writes_nothing_and_foretells_what_a_run_does(ready: Server) -> None:
    data = csv_of({}, {"recipient_ref": "B", "accepted_on": ""}, {"recipient_ref": "C", "observer_2": "mvp-01",
                  "observed_on_2": "2026-05-04", "accepted_on": ""})  # fmt: skip

    foretold = award(ready, data, dry_run=True)
    assert counted(ready)["awards"] == 0
    done = award(ready, data)

    assert outcomes(foretold) == outcomes(done) == ["signed", "offered", "draft"]
    assert (foretold.written, done.written) == (False, True)
    assert done.to_json()["counts"] == {
        "signed": 1, "offered": 1, "draft": 1, "unchanged": 0, "held": 0, "refused": 0,
    }  # fmt: skip


def test_a_refusal_never_shows_who_it_is_about(sqlite_ready: Server) -> None:
    changes = {"recipient_ref": "CANARY-1", "first_name": "CANARY-2", "last_name": "CANARY-3", "email": "CANARY-4@x"}
    report = award(sqlite_ready, csv_of(changes | {"level": "9"}, changes | {"evidence": "CANARY-5"}))

    assert "CANARY" not in str(report.to_json())
    assert "CANARY" not in report.summary()


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_both_separators_and_a_byte_order_mark(sqlite_ready: Server, delimiter: str) -> None:
    report = award(sqlite_ready, b"\xef\xbb\xbf" + csv_of({}, delimiter=delimiter), dry_run=True)

    assert outcomes(report) == ["signed"]
