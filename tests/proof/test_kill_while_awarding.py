"""The drill in short: five kills over 120 lines, on each database (`make proof` runs it long)."""

from pathlib import Path

import pytest

from tests.proof.kill_while_awarding import run_drill

LINES, KILLS = 120, 5


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_awarding_that_is_killed_loses_and_doubles_nothing(tmp_path: Path, database: str) -> None:
    figures = run_drill(tmp_path, database, LINES, KILLS)
    assert figures["failures"] == [], figures["checks"]
    assert figures["kills"] == KILLS
    # Not all of them after the work was done.
    assert int(str(figures["kills_with_work_left"])) > 0
