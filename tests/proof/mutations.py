"""Drill: damaged files for every reader (promises.md, P7).

    python -m tests.proof.mutations --count 100000

Nothing but our own errors may come out of a reader, and each answer within 2 s of processor time. What is verified as a
whole takes longer and gets a tenth of the count. Prints one line, writes `docs/proof/mutations.json`.
"""

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.hostile.fuzzing import MOST_SECONDS, Outcome, fuzz
from tests.hostile.parsers import parsers
from tests.proof.figures import record

WORKERS = 2


def run_drill(count: int, verified: int) -> dict[str, object]:
    """Damage everything, two readers at a time; give the figures."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="badges-drill-") as folder:
        names = list(parsers(Path(folder)))
    counts = [verified if name.endswith("verified") else count for name in names]
    with ProcessPoolExecutor(WORKERS) as pool:
        outcomes = dict(zip(names, pool.map(_fuzzed, names, counts), strict=True))
    failed = sum(len(outcome.faults) for outcome in outcomes.values())
    return {
        "most_seconds_allowed": MOST_SECONDS,
        "readers": {name: _figures(outcome) for name, outcome in outcomes.items()},
        "passed": sum(outcome.count for outcome in outcomes.values()) - failed,
        "failed": failed,
        "seconds": round(time.monotonic() - began, 1),
    }


def _fuzzed(name: str, count: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="badges-drill-") as folder:
        return fuzz(name, parsers(Path(folder))[name], count)


def _figures(outcome: Outcome) -> dict[str, object]:
    return {
        "mutations": outcome.count,
        "refused": dict(outcome.refused.most_common()),
        "taken": outcome.count - outcome.refused.total() - len(outcome.faults),
        "slowest_milliseconds": round(outcome.slowest * 1000),
        "faults": outcome.faults[:20],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--verified", type=int, help="for what is verified as a whole (default: a tenth)")
    options = parser.parse_args()
    record("mutations", run_drill(options.count, options.verified or options.count // 10))


if __name__ == "__main__":
    main()
