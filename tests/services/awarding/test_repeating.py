"""The same file twice, files that grow, drafts that are completed: nothing doubles and nothing is lost."""

from io import BytesIO

from sqlalchemy import select

from badges_server.services.awarding import award_file
from badges_server.services.awarding.report import AwardReport
from badges_server.services.server import Server
from badges_server.storage.tables import AwardRow, ObservationRow, PersonRow
from tests.services.awarding.files import assert_legal, award, counted, csv_of, outcomes, people

ONE_SEEN = {"observed_on_2": "", "observer_2": "", "evidence_2": "", "accepted_on": ""}


def test_the_same_file_twice_changes_nothing(ready: Server) -> None:
    data = csv_of(*people(3), {"recipient_ref": "B", "accepted_on": ""}, {"recipient_ref": "C"} | ONE_SEEN)
    first = award(ready, data)
    before = counted(ready)

    second = award(ready, data)

    assert outcomes(first) == ["signed"] * 3 + ["offered", "draft"]
    assert outcomes(second) == ["unchanged"] * 4 + ["draft"]
    assert counted(ready) == before
    assert [line.credential_id for line in second.lines] == [line.credential_id for line in first.lines]
    assert_legal(ready)


def test_a_later_observation_earns_the_badge_anew(ready: Server) -> None:
    award(ready, csv_of({}))

    report = award(ready, csv_of({"observed_on_2": "2026-09-12", "accepted_on": "2026-09-20"}))

    assert outcomes(report) == ["signed"]
    assert counted(ready)["signed"] == 2


def test_the_answer_on_paper_may_come_with_a_second_file(ready: Server) -> None:
    award(ready, csv_of({"accepted_on": ""}))
    assert counted(ready)["credentials"] == 0

    report = award(ready, csv_of({"presentation": "named"}))

    assert outcomes(report) == ["signed"]
    assert (counted(ready)["awards"], counted(ready)["signed"]) == (1, 1)
    with ready.database.reading() as session:
        row = session.scalars(select(AwardRow)).one()
    assert (row.presentation, str(row.accepted_on)) == ("named", "2026-05-20")


def test_a_draft_is_completed_by_a_fuller_line_and_the_old_file_stays_harmless(ready: Server) -> None:
    old, new = csv_of(ONE_SEEN), csv_of({})
    assert outcomes(award(ready, old)) == ["draft"]
    assert outcomes(award(ready, new)) == ["signed"]
    before = counted(ready)

    assert outcomes(award(ready, old)) == ["unchanged"]
    assert outcomes(award(ready, new)) == ["unchanged"]
    assert counted(ready) == before
    assert (before["awards"], before["signed"]) == (1, 1)
    with ready.database.reading() as session:
        assert len(session.scalars(select(ObservationRow)).all()) == 2


def test_a_draft_of_the_same_last_day_is_completed_too(ready: Server) -> None:
    same_day = {"observed_on_2": "2026-05-04", "observer_2": "mvp-01"}
    assert outcomes(award(ready, csv_of(same_day | {"accepted_on": ""}))) == ["draft"]

    assert outcomes(award(ready, csv_of({"observed_on_2": "2026-05-04"}))) == ["signed"]
    assert counted(ready)["awards"] == 1


def test_draft_and_completion_in_one_file(ready: Server) -> None:
    data = csv_of(ONE_SEEN, {})

    assert outcomes(award(ready, data)) == ["draft", "signed"]
    assert outcomes(award(ready, data)) == ["unchanged", "unchanged"]
    assert (counted(ready)["awards"], counted(ready)["signed"]) == (1, 1)


def test_one_person_is_one_record_in_an_organisation_and_another_in_the_next(ready: Server) -> None:
    other = {"organisation": "coup-de-main-bocage", "observer": "cdm-01", "observer_2": "cdm-02"}
    award(ready, csv_of({}, {"level": "1"}, other))

    with ready.database.reading() as session:
        found = session.scalars(select(PersonRow.organisation_slug).order_by(PersonRow.organisation_slug)).all()
    assert list(found) == ["coup-de-main-bocage", "les-mains-vertes-du-perche"]


def test_more_lines_than_a_batch(sqlite_ready: Server) -> None:
    shown: list[tuple[int, int]] = []

    data = csv_of(*people(401, accepted_on=""))
    report = award_file(sqlite_ready, BytesIO(data), progress=lambda done, total: shown.append((done, total)))

    assert report.counts["offered"] == 401
    assert shown == [(200, 401), (400, 401), (401, 401)]
    assert set(outcomes(award(sqlite_ready, data))) == {"unchanged"}


def test_personal_data_is_in_the_database_only_under_lock(ready: Server) -> None:
    canary = {"recipient_ref": "CANARYREF", "first_name": "CANARYFIRST", "last_name": "CANARYLAST",
              "email": "canary@example.org", "phone": "CANARYPHONE", "evidence": "CANARYTEXT"}  # fmt: skip
    award(ready, csv_of(canary))

    with ready.database.reading() as session:
        dump = "".join(
            str(session.connection().exec_driver_sql(f'SELECT * FROM "{table}"').all()).casefold()  # noqa: S608
            for table in ("people", "awards", "observations", "award_intents", "credentials", "audit", "audit_details")
        )
    assert "canary" not in dump


def differing(report: AwardReport) -> list[list[str]]:
    return [[one.column for one in line.differs] for line in report.lines]


def test_a_line_that_changes_nothing_tells_what_it_says_otherwise(ready: Server) -> None:
    first = {"email": "alix@exemple.fr", "phone": "0600000000"}
    award(ready, csv_of(first, {"recipient_ref": "OFFERED", "accepted_on": ""}))
    before = counted(ready)
    data = csv_of(
        {"presentation": "named", "last_name": "Nouvel", "email": "a@exemple.fr", "accepted_on": "2026-05-21"},
        {"recipient_ref": "OFFERED", "accepted_on": "", "presentation": "named"},
    )

    foretold, done = award(ready, data, dry_run=True), award(ready, data)

    assert outcomes(foretold) == outcomes(done) == ["unchanged", "unchanged"]
    wishes = [["presentation", "accepted_on", "last_name", "email"], ["presentation"]]
    assert differing(foretold) == differing(done) == wishes
    assert f"reissue {done.lines[0].code} --replace --presentation named" in done.summary()
    assert "Nouvel" not in done.summary() + str(done.to_json())
    assert counted(ready) == before
    assert differing(award(ready, csv_of(first))) == [[]]
