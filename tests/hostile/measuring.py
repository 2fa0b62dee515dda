"""What one flood costs: processor time and memory, in a process of its own.

    python -m tests.hostile.measuring

Each flood is prepared, and then run in a fork, so that neither its preparation nor the others count. Writes one JSON
object a line.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tests.hostile.floods import FLOODS, Flood, badge, judged

_KILOBYTE = 1024


@dataclass(frozen=True)
class Cost:
    """What one flood came to.

    Attributes:
        refused: it was refused for the very reason that was expected.
        bytes: most memory at one time, above what the process had before.
    """

    name: str
    refused: bool
    told: list[str]
    seconds: float
    bytes: int


def measure_all() -> Iterator[Cost]:
    """Measure every flood, one after the other."""
    judged(badge())()  # what is loaded once a process is no cost of a flood
    for name, prepare in FLOODS.items():
        yield _measured_in_a_fork(name, prepare())


def _measured_in_a_fork(name: str, flood: Flood) -> Cost:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(asdict(_measured(name, flood))).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return Cost(**json.loads(answer)) if answer else Cost(name, False, ["the process died"], 0.0, 0)


def _measured(name: str, flood: Flood) -> Cost:
    memory, began = _most_memory(), time.process_time()
    told = flood.attack()
    seconds = time.process_time() - began
    return Cost(name, flood.refusal in told, sorted(told)[:9], round(seconds, 4), _most_memory() - memory)


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE


if __name__ == "__main__":
    for cost in measure_all():
        sys.stdout.write(json.dumps(asdict(cost)) + "\n")
