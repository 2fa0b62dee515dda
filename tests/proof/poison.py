"""Drill: poison graphs, floods and bombs, each refused in 250 ms of processor time and 100 MB (promises.md, P7 and P8).

    python -m tests.proof.poison

Each in a process of its own. A machine that is busy with other things counts a little more: the best of three tries
counts. Prints one line, writes `docs/proof/poison.json`.
"""

from tests.hostile.measuring import Cost, measure_all
from tests.proof.figures import record

MOST_SECONDS = 0.25
MOST_BYTES = 100_000_000
TRIES = 3


def run_drill() -> dict[str, object]:
    """Measure everything; give the figures."""
    tries = [{cost.name: cost for cost in measure_all()} for _ in range(TRIES)]
    best = {name: min((costs[name] for costs in tries), key=lambda cost: cost.seconds) for name in tries[0]}
    refused = {name: all(costs[name].refused for costs in tries) for name in best}
    kept = [name for name, cost in best.items() if refused[name] and _is_kept(cost)]
    return {
        "most_seconds": max(cost.seconds for cost in best.values()),
        "most_megabytes": round(max(cost.bytes for cost in best.values()) / 1e6, 1),
        "passed": len(kept),
        "failed": len(best) - len(kept),
        "failures": [name for name in best if name not in kept],
        "floods": {
            name: {
                "milliseconds": round(cost.seconds * 1000),
                "megabytes": round(cost.bytes / 1e6, 1),
                "told": cost.told,
            }
            for name, cost in best.items()
        },
    }


def _is_kept(cost: Cost) -> bool:
    return cost.seconds <= MOST_SECONDS and cost.bytes <= MOST_BYTES


def main() -> None:
    record("poison", run_drill())


if __name__ == "__main__":
    main()
