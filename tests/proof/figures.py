"""Where the drills write what they found."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "proof"


def record(name: str, figures: Mapping[str, object]) -> None:
    """Write `docs/proof/<name>.json`, print the one line, and end with 1 when something failed."""
    write(name, figures)
    sys.exit(1 if figures["failed"] else 0)


def write(name: str, figures: Mapping[str, object], day: str | None = None) -> None:
    """Write `docs/proof/<name>.json` and print the one line. `day` is the report's date; else the file's own."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / f"{name}.json"
    target.touch()
    day = day or datetime.fromtimestamp(target.stat().st_mtime, UTC).date().isoformat()
    commit = _git("rev-parse", "--short", "HEAD") or None
    # Then the figures are not of that commit alone.
    changed = bool(_git("status", "--porcelain", "--untracked-files=no", "badges_server"))
    report = {"drill": name, "date": day, "commit": commit, "uncommitted_changes": changed, **figures}
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{name}: {figures['passed']} passed, {figures['failed']} failed\n")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
