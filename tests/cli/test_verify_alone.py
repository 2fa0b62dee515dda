"""Verifying needs no server of one's own: a file, the documents it leads to, and nothing set up."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).parent / "badges-server"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BADGES_")}
    return subprocess.run(
        [COMMAND, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_file_that_is_no_badge_is_judged_without_settings(tmp_path: Path) -> None:
    (tmp_path / "note.json").write_text('{"hello": "world"}', encoding="utf-8")
    (tmp_path / "index.json").write_text("{}", encoding="utf-8")
    done = run("verify", "--documents", ".", "note.json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("note.json: NOT verified")


def test_another_scheme_is_wrong_use_and_says_so(tmp_path: Path) -> None:
    done = run("verify", "ftp://example.org/badge.png", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "only http and https addresses can be asked, not ftp" in done.stderr


def test_the_catalogue_is_checked_without_settings(tmp_path: Path) -> None:
    done = run("catalogue", "check", str(Path("badge_classes").resolve()), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "46 classes and 4 pathways, all good\n"), done.stderr
