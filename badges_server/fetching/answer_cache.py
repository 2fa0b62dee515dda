"""Answers kept for a short while, failures for a shorter one; bounded in number and in bytes."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from badges_server.fetching.errors import FetchError
from badges_server.fetching.fetched import Fetched

# One question: the URL and the forms it asks for.
Question = tuple[str, str]

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})")


@dataclass(frozen=True)
class Keeping:
    """How long and how much is kept.

    Attributes:
        seconds: the longest an answer is kept; its own max-age shortens that, never lengthens it.
        failure_seconds: how long a failure is kept, so that a dead host is not asked at every click.
    """

    seconds: float = 60.0
    failure_seconds: float = 15.0
    max_answers: int = 1_000
    max_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True)
class _Kept:
    answer: Fetched | FetchError
    until: float

    @property
    def size(self) -> int:
        return len(self.answer.body) if isinstance(self.answer, Fetched) else 0


class AnswerCache:
    """The least recently used go first. Safe to share between threads."""

    def __init__(self, keeping: Keeping | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._keeping = keeping or Keeping()
        self._clock = clock
        self._kept: OrderedDict[Question, _Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def look_up(self, question: Question) -> Fetched | FetchError | None:
        """Give what is kept for `question`, or None when nothing is or it is too old."""
        with self._lock:
            kept = self._kept.get(question)
            if kept is None:
                return None
            if kept.until <= self._clock():
                self._drop(question)
                return None
            self._kept.move_to_end(question)
            return kept.answer

    def keep(self, question: Question, answer: Fetched | FetchError) -> None:
        """Keep `answer` as long as it may be kept, in place of what was kept before."""
        with self._lock:
            self._drop(question)
            seconds = self._lifetime(answer)
            if seconds <= 0:
                return
            kept = _Kept(answer, self._clock() + seconds)
            self._kept[question] = kept
            self._bytes += kept.size
            while len(self._kept) > self._keeping.max_answers or self._bytes > self._keeping.max_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, question: Question) -> None:
        kept = self._kept.pop(question, None)
        if kept is not None:
            self._bytes -= kept.size

    def _lifetime(self, answer: Fetched | FetchError) -> float:
        if isinstance(answer, FetchError):
            return self._keeping.failure_seconds
        control = answer.headers.get("cache-control", "").lower()
        if "no-store" in control or "no-cache" in control:
            return 0
        limit = self._keeping.seconds if answer.status < 400 else self._keeping.failure_seconds
        age = _MAX_AGE.search(control)
        return min(limit, float(age[1])) if age else limit
