"""Time and chance for tests: both move only when a test says so."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from badges_server.credentials.entropy import Entropy

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still; pass it wherever `Callable[[], datetime]` is asked for."""

    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> datetime:
        """Move on, as `advance(hours=2)`; give the new moment."""
        self.moment += timedelta(**by)
        return self.moment


@dataclass
class Drawing:
    """A stream of bytes that a seed decides: the same test draws the same ids, salts and indexes every time."""

    seed: str
    drawn: int = 0
    rest: bytes = field(default=b"", repr=False)

    def random_bytes(self, count: int) -> bytes:
        while len(self.rest) < count:
            self.rest += hashlib.sha256(f"{self.seed}/{self.drawn}".encode()).digest()
            self.drawn += 1
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def new_uuid(self) -> UUID:
        return UUID(bytes=self.random_bytes(16), version=4)

    def below(self, bound: int) -> int:
        # 16 bytes over any bound we use: the bias is far below anything a test could see.
        return int.from_bytes(self.random_bytes(16), "big") % bound


def make_entropy(seed: str) -> Entropy:
    drawing = Drawing(seed)
    below: Callable[[int], int] = drawing.below
    return Entropy(new_uuid=drawing.new_uuid, random_bytes=drawing.random_bytes, below=below)
