"""Drill: `kill -9` the awarding at random moments, run it to its end, and count (promises.md, P1).

    python -m tests.proof.kill_while_awarding --lines 2000 --kills 50 --database postgresql

The kills are spread over the whole work: before each one the run may get a little further than before the last one, and
then dies at a moment drawn between its start and a batch's end. Prints one line for each database, writes
`docs/proof/kill-while-awarding-<database>.json`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from badges_server.credentials.entropy import Entropy
from badges_server.storage.tables import CredentialRow, IntentRow
from tests.clock import make_entropy
from tests.proof.award_lines import write_award_file
from tests.proof.deployment import Deployment, deployed, kill, supplier_of
from tests.proof.figures import write
from tests.proof.verdict import Check, baseline, checks_of_awards

DATABASES = ("sqlite", "postgresql")
# Looked at this often; what a run does between two looks is what the random moments are for.
LOOK_SECONDS = 0.02
# First guesses, replaced by what is measured: from start to the first intent, and from there to the batch's end.
START_SECONDS, BATCH_SECONDS = 3.0, 2.0
LINES_OF_A_BATCH = 200
# The kills lead up to here, so that the last of them still find work.
SPARED_LINES = 2 * LINES_OF_A_BATCH


@dataclass(frozen=True)
class Standing:
    """How far the work is: intents opened, credentials stored."""

    opened: int
    stored: int


@dataclass
class Pace:
    """What the runs so far have taught about time, in seconds: to the first intent, and on to the batch's end."""

    start: float = START_SECONDS
    batch: float = BATCH_SECONDS


@dataclass
class Watch:
    """Looks on at one run, and learns from it."""

    pace: Pace
    before: Standing
    began: float
    opened_at: float | None = None
    stored_at: float | None = None

    def look(self, here: Standing, now: float) -> None:
        if self.opened_at is None and here.opened > self.before.opened:
            self.opened_at = now
            self.pace.start = (self.pace.start + now - self.began) / 2
        if self.opened_at and self.stored_at is None and here.stored > self.before.stored:
            self.stored_at = now
            self.pace.batch = (self.pace.batch + now - self.opened_at) / 2


@dataclass
class Drill:
    """One drill: its deployment, and what happened so far.

    Attributes:
        stood: where each kill found the work.
    """

    deployment: Deployment
    file: Path
    lines: int
    chance: Entropy
    pace: Pace = field(default_factory=Pace)
    stood: list[Standing] = field(default_factory=list)
    finished_early: int = 0
    recovery_seconds: float = 0.0

    def standing(self) -> Standing:
        with self.deployment.database.reading() as session:
            opened = session.scalar(select(func.count()).select_from(IntentRow)) or 0
            return Standing(opened, session.scalar(select(func.count()).select_from(CredentialRow)) or 0)

    def kill_near(self, goal: int) -> None:
        """Let a run get near `goal` credentials, then kill it at a random moment; if it was faster, another one."""
        kills = len(self.stood)
        while len(self.stood) == kills:
            process = self.deployment.start("award", str(self.file))
            self._look_on(process, goal)
            self._end(process)

    def _look_on(self, process: subprocess.Popen[bytes], goal: int) -> None:
        began, here = time.monotonic(), self.standing()
        watch = Watch(self.pace, here, began)
        due = began + self._delay(self.pace.start) if here.stored + LINES_OF_A_BATCH > goal else None
        while process.poll() is None and (due is None or time.monotonic() < due):
            here = self.standing()
            watch.look(here, time.monotonic())
            if due is None and here.stored + LINES_OF_A_BATCH > goal:
                due = time.monotonic() + self._delay(0.0)
            time.sleep(LOOK_SECONDS)

    def finish(self) -> subprocess.CompletedProcess[bytes]:
        """Run to the end, whatever was left."""
        began = time.monotonic()
        done = self.deployment.run("award", str(self.file), "--json")
        self.recovery_seconds = time.monotonic() - began
        return done

    def _delay(self, start: float) -> float:
        return (start + self.pace.batch) * self.chance.below(10_000) / 10_000

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            kill(process)
            self.stood.append(self.standing())
            return
        assert process.returncode == 0, self.deployment.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        self.finished_early += 1


def run_drill(folder: Path, kind: str, lines: int, kills: int, seed: str = "kill while awarding") -> dict[str, object]:
    """Run the whole drill on a database of that kind; give its figures."""
    began = time.monotonic()
    with supplier_of(kind) as supplier, deployed(folder, supplier) as deployment:
        deployment.install()
        before = baseline(deployment.database)
        file = folder / "awards.csv"
        write_award_file(file, lines)
        drill = Drill(deployment, file, lines, make_entropy(seed))
        for number in range(kills):
            drill.kill_near(max(0, lines - SPARED_LINES) * (number + 1) // (kills + 1))
        checks = [_ended("the run after the last kill ends well", drill.finish())]
        checks += checks_of_awards(deployment.database, lines, before)
        checks += _again(drill)
    return {**_figures(drill, kind, lines, checks), "seconds": round(time.monotonic() - began, 1)}


def _again(drill: Drill) -> list[Check]:
    """The same file once more: it must change nothing; and everything that was issued verifies."""
    stood = drill.standing()
    done = drill.deployment.run("award", str(drill.file), "--json")
    counts = json.loads(done.stdout)["counts"] if done.returncode == 0 else {}
    return [
        _ended("the same file is taken again", done),
        Check("the same file issues nothing again", counts.get("unchanged") == drill.lines, counts),
        Check("and stores nothing again", drill.standing() == stood, drill.standing().stored),
        _ended("every credential verifies (lint --all)", drill.deployment.run("lint", "--all")),
    ]


def _ended(name: str, done: subprocess.CompletedProcess[bytes]) -> Check:
    said = (done.stderr or done.stdout).decode()[-300:]
    return Check(name, done.returncode == 0, said if done.returncode else 0)


def _figures(drill: Drill, kind: str, lines: int, checks: Sequence[Check]) -> dict[str, object]:
    failed = [check for check in checks if not check.holds]
    between = [stood for stood in drill.stood if stood.opened > stood.stored]
    return {
        "database": kind,
        "lines": lines,
        "kills": len(drill.stood),
        "kills_between_intent_and_signature": len(between),
        "kills_with_work_left": sum(stood.stored < lines for stood in drill.stood),
        "runs_that_ended_before_their_kill": drill.finished_early,
        "stored_at_kills": [stood.stored for stood in drill.stood],
        "recovery_seconds": round(drill.recovery_seconds, 1),
        "passed": len(checks) - len(failed),
        "failed": len(failed),
        "checks": {check.name: check.found for check in checks},
        "failures": [check.name for check in failed],
    }


def main() -> None:
    options = _options()
    failed = 0
    for kind in options.database or DATABASES:
        with tempfile.TemporaryDirectory(prefix="badges-drill-") as folder:
            figures = run_drill(Path(folder), kind, options.lines, options.kills)
        write(f"kill-while-awarding-{kind}", figures, options.date)
        failed += int(str(figures["failed"]))
    sys.exit(1 if failed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: one after the other")
    parser.add_argument("--date", help="date of the report, such as 2026-03-02 (default: the file's own)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
