"""What became of every line of an award file: for people on a terminal and, as JSON, for programs."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from badges_server.credentials.json_text import JsonObject
from badges_server.services.awarding.reasons import Refusal

Outcome = Literal["signed", "offered", "draft", "unchanged", "refused", "held"]
OUTCOMES: tuple[Outcome, ...] = ("signed", "offered", "draft", "unchanged", "held", "refused")


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of an unchanged line that says otherwise than what was awarded; its value, personal, is never repeated."""

    column: str
    remedy: str

    def __str__(self) -> str:
        """Column first."""
        return f"{self.column} ({self.remedy})"


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one line.

    Attributes:
        outcome: `signed`, `offered`; `draft`: kept, not ready, `refusals` say what is missing; `unchanged`: awarded
            before; `held`: accepted, but what would be signed was refused by our own checks; `refused`.
        award_id: none for refused lines and in a dry run.
        credential_id: of the signed credential.
        code: of its verification page.
        differs: of an unchanged line, the cells that say something new.
    """

    number: int
    outcome: Outcome
    achievement: str | None = None
    award_id: str | None = None
    credential_id: str | None = None
    code: str | None = None
    refusals: tuple[Refusal, ...] = ()
    differs: tuple[Difference, ...] = ()

    @property
    def reason(self) -> str:
        """Everything that is wrong or missing, in one line."""
        return "; ".join(map(str, self.refusals))

    def to_json(self) -> JsonObject:
        """The same for a program; reasons with their stable codes."""
        return {
            "line": self.number,
            "outcome": self.outcome,
            "achievement": self.achievement,
            "award_id": self.award_id,
            "credential_id": self.credential_id,
            "code": self.code,
            "reasons": [{"code": r.code.value, "column": r.column, "detail": r.sentence} for r in self.refusals],
            "differs": [{"column": one.column, "remedy": one.remedy} for one in self.differs],
        }


@dataclass(frozen=True)
class AwardReport:
    """What became of a file.

    Attributes:
        lines: in the order of the file.
        written: false for a dry run, and when a refused line stopped everything; the outcomes then say what the lines
            would have become.
        partial: a refused line does not stop the others.
        finished_before: credentials that an earlier, interrupted run had left to sign, signed first.
    """

    lines: tuple[LineOutcome, ...]
    written: bool
    dry_run: bool = False
    partial: bool = False
    finished_before: int = 0
    counts: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Count the outcomes."""
        counted = Counter(line.outcome for line in self.lines)
        object.__setattr__(self, "counts", {outcome: counted[outcome] for outcome in OUTCOMES})

    @property
    def refused(self) -> tuple[LineOutcome, ...]:
        """The lines that nothing came of."""
        return tuple(line for line in self.lines if line.outcome == "refused")

    @property
    def is_stopped(self) -> bool:
        """Whether refused lines keep the others from being awarded."""
        return bool(self.refused) and not self.partial

    @property
    def not_ready(self) -> tuple[LineOutcome, ...]:
        """The lines kept as drafts, each with what is missing."""
        return tuple(line for line in self.lines if line.outcome == "draft")

    def to_json(self) -> JsonObject:
        """The whole report for a program."""
        return {
            "written": self.written,
            "dry_run": self.dry_run,
            "finished_before": self.finished_before,
            "counts": dict(self.counts),
            "lines": [line.to_json() for line in self.lines],
        }

    def summary(self) -> str:
        """Why nothing was awarded; otherwise the counts, then each line that is not ready or says something new."""
        counted = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items() if count) or "no line"
        if self.is_stopped:
            count = self.counts["refused"]
            lines = "1 refused line; correct it" if count == 1 else f"{count} refused lines; correct them"
            return f"nothing was written: {lines} or use --partial"
        prefix = "" if self.written else "nothing was written; would be: "
        waiting = [f"line {line.number} is not ready: {line.reason}" for line in self.not_ready]
        told = [
            f"line {line.number} is unchanged, though it differs: {', '.join(map(str, line.differs))}"
            for line in self.lines
            if line.differs
        ]
        return "\n".join([prefix + counted, *waiting, *told])
