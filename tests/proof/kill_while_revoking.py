"""Drill: `kill -9` revocations at random moments: each is done or not done, never half, and none is lost once reported.

    python -m tests.proof.kill_while_revoking --kills 25 --database postgresql

Prints one line for each database, writes `docs/proof/kill-while-revoking-<database>.json`.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from badges_server.credentials.entropy import Entropy
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.database import Database
from badges_server.storage.tables import AuditRow, AwardRow, CredentialRow, StatusEntryRow
from tests.clock import make_entropy
from tests.proof.award_lines import write_award_file
from tests.proof.deployment import Deployment, deployed, kill, supplier_of
from tests.proof.figures import write
from tests.proof.verdict import Check

DATABASES = ("sqlite", "postgresql")
# A little longer than a revocation takes, so that some get through.
MARGIN = 1.2
ENTRY = AuditRow.action == "award.revoke"


def run_drill(folder: Path, kind: str, kills: int) -> dict[str, object]:
    """Award `kills` badges and one more, kill the revocation of each, then revoke them all; give the figures."""
    began = time.monotonic()
    with supplier_of(kind) as supplier, deployed(folder, supplier) as deployment:
        deployment.install()
        file = folder / "awards.csv"
        write_award_file(file, kills + 1)
        awarded = deployment.run("award", str(file))
        assert awarded.returncode == 0, awarded.stderr.decode()
        first, *others = _ids(deployment.database)
        seconds = _revoke(deployment, first)
        chance = make_entropy("kill while revoking")
        halves = [_killed(deployment, one, seconds, chance) for one in others]
        done_before = Counter(_states(deployment.database).values())["revoked"] - 1
        for one in others:
            _revoke(deployment, one)
        checks = _checks(deployment.database, kills + 1, [half for half in halves if half])
    failed = [check for check in checks if not check.holds]
    return {
        "database": kind,
        "kills": kills,
        "revoked_before_the_kill_came": done_before,
        "passed": len(checks) - len(failed),
        "failed": len(failed),
        "checks": {check.name: check.found for check in checks},
        "failures": [check.name for check in failed],
        "seconds": round(time.monotonic() - began, 1),
    }


def _revoke(deployment: Deployment, credential_id: str) -> float:
    began = time.monotonic()
    done = deployment.run("revoke", credential_id, "--reason", "error", "--note", "exercice")
    assert done.returncode == 0, done.stderr.decode()
    return time.monotonic() - began


def _killed(deployment: Deployment, credential_id: str, seconds: float, chance: Entropy) -> list[str]:
    """Kill one revocation somewhere on its way; tell what it left half done."""
    process = deployment.start("revoke", credential_id, "--reason", "error", "--note", "exercice")
    time.sleep(seconds * MARGIN * chance.below(1000) / 1000)
    was_reported = process.poll() == 0
    if process.poll() is None:
        kill(process)
    traces = _traces(deployment.database, credential_id)
    lost = ["a revocation that was reported is not there"] if was_reported and not all(traces.values()) else []
    mixed = [f"half done: {traces}"] if len(set(traces.values())) != 1 else []
    return lost + mixed


def _traces(database: Database, credential_id: str) -> dict[str, bool]:
    """Everything that a revocation writes: all of it or nothing of it must be there."""
    with database.reading() as session:
        credential = session.get_one(CredentialRow, credential_id)
        entry = session.get_one(StatusEntryRow, (credential.status_list_id, credential.status_index))
        award = session.get_one(AwardRow, credential.award_id)
        logged = session.scalars(select(AuditRow.sequence).where(ENTRY, AuditRow.subject == award.id)).all()
        return {
            "credential": credential.state == "revoked",
            "bit": entry.set_at is not None,
            "award": award.state == "revoked",
            "audit": bool(logged),
            "note": credential.revocation_note_encrypted is not None,
        }


def _checks(database: Database, expected: int, halves: Sequence[list[str]]) -> list[Check]:
    states = Counter(_states(database).values())
    with database.reading() as session:
        logged = Counter(session.scalars(select(AuditRow.subject).where(ENTRY)))
        faults = check_chains(session)
        bits = session.scalars(select(StatusEntryRow).where(StatusEntryRow.set_at.is_not(None))).all()
    return [
        Check("no revocation is half done, none that was reported is lost", not halves, list(halves)),
        Check("every badge is revoked in the end", states == {"revoked": expected}, dict(states)),
        Check("one bit for each", len(bits) == expected, len(bits)),
        Check("each is in the audit once", sorted(logged.values()) == [1] * expected, sum(logged.values())),
        Check("audit and issuance chains are whole", faults == [], faults[:5]),
    ]


def _ids(database: Database) -> list[str]:
    return sorted(_states(database))


def _states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {row.id: row.state for row in session.scalars(select(CredentialRow))}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: one after the other")
    options = parser.parse_args()
    failed = 0
    for kind in options.database or DATABASES:
        with tempfile.TemporaryDirectory(prefix="badges-drill-") as folder:
            figures = run_drill(Path(folder), kind, options.kills)
        write(f"kill-while-revoking-{kind}", figures)
        failed += int(str(figures["failed"]))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
