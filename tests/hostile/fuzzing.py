"""Damage a reader's samples many times, and count what it did: read, refused, or failed as it must not."""

import random  # noqa: TID251  (seeded: the same damage at every run)
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

from badges_server.credentials.errors import BadgeError
from tests.hostile.mutating import mutate
from tests.hostile.parsers import Parser

MOST_SECONDS = 2.0


@dataclass
class Outcome:
    """What one reader did.

    Attributes:
        faults: errors that are none of ours, and inputs that took too long; each with the number of its mutation.
        slowest: processor seconds.
    """

    count: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def fuzz(name: str, parser: Parser, count: int) -> Outcome:
    """Try `count` mutations; the number of a mutation alone decides what it is."""
    outcome = Outcome()
    for number in range(count):
        data = mutated(name, parser, number)
        began = time.process_time()
        try:
            parser.read(data)
        except BadgeError as error:
            outcome.refused[error.code] += 1
        except Exception as error:  # noqa: BLE001  (whatever it is, it is what is looked for)
            place = traceback.extract_tb(error.__traceback__)[-1]
            outcome.faults.append(
                f"{number}: {type(error).__name__}: {error} ({place.name}, line {place.lineno})"[:300]
            )
        seconds = time.process_time() - began
        outcome.slowest = max(outcome.slowest, seconds)
        if seconds > MOST_SECONDS:
            outcome.faults.append(f"{number}: {seconds:.1f} s")
    outcome.count = count
    return outcome


def mutated(name: str, parser: Parser, number: int) -> bytes:
    """The mutation of that number, to look at it again."""
    chance = random.Random(f"{name}/{number}")  # noqa: S311  (not a secret)
    return mutate(chance, chance.choice(parser.samples))
