"""The drill in short: five kills on each database (`make proof` runs it long)."""

from pathlib import Path

import pytest

from tests.proof.kill_while_revoking import run_drill


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_revocation_that_is_killed_is_done_or_not_done(tmp_path: Path, database: str) -> None:
    figures = run_drill(tmp_path, database, kills=5)
    assert figures["failures"] == [], figures["checks"]
