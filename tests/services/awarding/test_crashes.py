"""The machine stops anywhere; the next run finishes what was begun: nothing lost, nothing twice (P1, P2)."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from badges_server.credentials.errors import BadgeError
from badges_server.services.awarding import sign_pending
from badges_server.services.awarding.report import AwardReport
from badges_server.services.awarding.turns import ClockError
from badges_server.services.keys import NoActiveKeyError, compromise, rotate
from badges_server.services.profiles import recognition_issuer
from badges_server.services.server import Server
from badges_server.storage.database import Database
from badges_server.storage.tables import CredentialRow, IntentRow, SigningKeyRow
from tests.clock import Clock, make_entropy
from tests.services.awarding.breaking import BreakingDatabase, Fuse, PowerCutError, with_signer
from tests.services.awarding.files import assert_legal, award, counted, csv_of, outcomes, people

FILE = csv_of(*people(3), {"recipient_ref": "OFFERED", "accepted_on": ""})


def url_of(database: Database) -> str:
    return database._url.render_as_string(hide_password=False)


def planned_ids(server: Server) -> dict[str, tuple[str, int, str]]:
    with server.database.reading() as session:
        rows = session.scalars(select(IntentRow))
        return {row.credential_id: (row.status_list_id, row.status_index, row.planned_document) for row in rows}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_around_any_commit(ready: Server, when: str) -> None:
    """Each commit in its turn is the last thing that happens, or nearly happens; in between, an award more."""
    crashes = 0
    for number in range(1, 20):
        before, after = Fuse(number if when == "before" else 0), Fuse(number if when == "after" else 0)
        broken = BreakingDatabase(url_of(ready.database), before, after)
        data = csv_of(*people(3, observed_on_2=f"2026-06-{number:02}", accepted_on="2026-07-01"))
        entropy = make_entropy(f"crash {when} {number}")
        try:
            award(replace(ready, database=broken, entropy=entropy), data)
        except PowerCutError:
            crashes += 1
        finally:
            broken.close()
        assert_legal(ready)
        promised = planned_ids(ready)
        award(ready, data)
        assert outcomes(award(ready, data)) == ["unchanged"] * 3
        assert counted(ready)["signed"] == 3 * number
        assert promised.items() <= planned_ids(ready).items()
        if crashes < number:
            break
    assert_legal(ready)
    # Opening the awards, storing the credentials: a run of one batch has two commits.
    assert crashes == 2


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_crash_at_any_signature(ready: Server, tmp_path: Path, number: int) -> None:
    with pytest.raises(PowerCutError):
        award(with_signer(ready, tmp_path, Fuse(number)), FILE)
    assert (counted(ready)["accepted"], counted(ready)["credentials"]) == (3, 0)
    promised = planned_ids(ready)

    report = award(ready, FILE)

    assert report.finished_before == 3
    assert outcomes(report) == ["unchanged"] * 4
    assert planned_ids(ready) == promised
    assert {line.credential_id for line in report.lines[:3]} == set(promised)
    assert_legal(ready)


def test_what_is_pending_is_finished_without_any_file(ready: Server, tmp_path: Path) -> None:
    with pytest.raises(PowerCutError):
        award(with_signer(ready, tmp_path, Fuse(2)), FILE)

    shown: list[tuple[int, int]] = []
    assert sign_pending(ready, lambda done, total: shown.append((done, total))) == 3
    assert sign_pending(ready) == 0
    assert shown == [(0, 3), (3, 3)]


def test_without_a_key_nothing_is_written(ready: Server) -> None:
    with ready.database.transaction() as session:
        for row in session.scalars(select(SigningKeyRow).where(SigningKeyRow.algorithm == "EdDSA")):
            row.state = "retired"

    with pytest.raises(NoActiveKeyError):
        award(ready, FILE)
    assert counted(ready) == {"awards": 0, "credentials": 0, "intents": 0, "indexes": 0}


def test_a_clock_that_runs_before_the_last_entry_issues_nothing(ready: Server, clock: Clock) -> None:
    award(ready, csv_of({"recipient_ref": "BEFORE"}))
    clock.moment -= timedelta(hours=1)

    with pytest.raises(ClockError, match="set the clock"):
        award(ready, FILE)
    assert counted(ready)["awards"] == 1


class LosesKey(Fuse):
    """At the first signature, the key that makes it is reported as compromised."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    def use(self) -> None:
        super().use()
        if self.used == 1:
            with self._server.database.transaction() as session:
                key = session.scalars(
                    select(SigningKeyRow).where(SigningKeyRow.algorithm == "EdDSA", SigningKeyRow.state == "active",
                                                SigningKeyRow.issuer_slug == recognition_issuer(session).slug)
                ).one()  # fmt: skip
                rotate(self._server, session, key.issuer_slug, "EdDSA", cache_time=timedelta(0))
                compromise(self._server, session, key.issuer_slug, key.id)


def test_a_key_compromised_in_mid_batch_signs_nothing_that_is_kept(ready: Server, tmp_path: Path) -> None:
    report = award(with_signer(ready, tmp_path, LosesKey(ready)), FILE)

    assert outcomes(report) == ["signed"] * 3 + ["offered"]
    with ready.database.reading() as session:
        assert set(session.scalars(select(CredentialRow.signing_key_id))) == {"key-2"}
    assert_legal(ready)


def test_two_runs_of_one_file_at_the_same_time(ready: Server) -> None:
    data = csv_of(*people(230), *people(20, achievement="ev-03", accepted_on=""))
    reports: list[AwardReport] = []
    failures: list[BadgeError] = []

    def run(name: str) -> None:
        database = Database(url_of(ready.database), lock_wait=60)
        try:
            reports.append(award(replace(ready, database=database, entropy=make_entropy(name)), data))
        except BadgeError as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert [line.award_id for line in reports[0].lines] == [line.award_id for line in reports[1].lines]
    assert [line.credential_id for line in reports[0].lines] == [line.credential_id for line in reports[1].lines]
    assert (counted(ready)["signed"], counted(ready)["offered"], counted(ready)["credentials"]) == (230, 20, 230)
    assert "accepted" not in counted(ready)
    assert_legal(ready)
