"""Award a whole file: read it once to judge it, once more to write it, in batches that each stand for themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.services.awarding.csv_file.header import read_header
from badges_server.services.awarding.csv_file.lines import AwardLine, is_blank, read_line
from badges_server.services.awarding.csv_file.records import BadRecord, read_records
from badges_server.services.awarding.earlier import Earlier
from badges_server.services.awarding.judging import Judged, Register, look_up_member
from badges_server.services.awarding.opening import Opened, open_awards
from badges_server.services.awarding.pending import BATCH, Progress, finish_all, no_progress, sign_pending
from badges_server.services.awarding.reasons import Reason, Refusal, refusal
from badges_server.services.awarding.recipients import digest_of, erased_digests
from badges_server.services.awarding.report import AwardReport, LineOutcome
from badges_server.services.profiles import UnknownIssuerError
from badges_server.services.server import Server

ACTOR = "operator"
# What a pipe may hold; a file on disk is read as it stands, however long.
PIPE_BYTES = 64 * 1024 * 1024


class AwardFileTooLargeError(BadgeError):
    """More came through a pipe than is kept in memory."""

    code = "AWARD_FILE_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class _Unreadable:
    number: int
    refusals: tuple[Refusal, ...]


class _File:
    """An award file, read from its start as often as needed."""

    def __init__(self, source: BinaryIO, issuer: str | None) -> None:
        self._source = source if source.seekable() else _kept(source)
        self._start = self._source.tell()
        self._issuer = issuer

    def batches(self) -> Iterator[list[AwardLine | _Unreadable]]:
        """Read the lines, a batch at a time.

        Raises:
            AwardHeaderError: the header is not what it should be.
        """
        self._source.seek(self._start)
        lines = self._lines()
        while batch := list(islice(lines, BATCH)):
            yield batch

    def _lines(self) -> Iterator[AwardLine | _Unreadable]:
        records = read_records(self._source)
        header = read_header(next(records, None), issuer=self._issuer)
        for record in records:
            if isinstance(record, BadRecord):
                yield _Unreadable(record.number, (record.refusal,))
            elif not is_blank(record, header):
                line = read_line(record, header, issuer=self._issuer)
                yield line if isinstance(line, AwardLine) else _Unreadable(record.number, tuple(line))


def award_file(
    server: Server,
    source: BinaryIO,
    *,
    issuer: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress = no_progress,
) -> AwardReport:
    """Award what an award file asks for (interface.md, "Award CSV").

    Lines with `accepted_on` are signed, the others offered, those that lack observations kept as drafts. The same file
    twice issues nothing twice. One refused line and nothing is written, unless `partial`; a dry run never writes.
    Whatever stops a run, the next one finishes what it began.

    Args:
        server: where to award.
        source: the file's bytes; read twice, so a pipe is kept in memory.
        issuer: slug of the awarding organisation, for a file that does not name it.
        dry_run: judge only.
        partial: award the good lines beside refused ones.
        progress: called with the lines done and their total.

    Raises:
        UnknownIssuerError: `issuer` is no member's slug.
        AwardHeaderError: nothing can be read from the file.
        AwardFileTooLargeError: more than 64 MiB came through a pipe.
        NoActiveKeyError: an issuer could not sign.
        ClockError: time runs backwards; nothing is issued.
        DatabaseError: the database did not do its part; run the file again.
    """
    _check_issuer(server, issuer)
    file = _File(source, issuer)
    outcomes = tuple(_surveyed(server, file))
    refused = any(line.outcome == "refused" for line in outcomes)
    if dry_run or (refused and not partial):
        return AwardReport(outcomes, written=False, dry_run=dry_run, partial=partial)
    finished_before = sign_pending(server)
    total = len(outcomes)
    written: list[LineOutcome] = []
    for batch in _awarded(server, file):
        written += batch
        progress(len(written), total)
    return AwardReport(tuple(written), written=True, partial=partial, finished_before=finished_before)


def _check_issuer(server: Server, slug: str | None) -> None:
    """Refuse a slug that is wrong for every line before any line is read."""
    if slug is None:
        return
    with server.database.reading() as session:
        if look_up_member(session, slug) is None:
            raise UnknownIssuerError("no member has the slug that --issuer names", value=slug)


def _surveyed(server: Server, file: _File) -> Iterator[LineOutcome]:
    """Tell what each line would lead to; nothing is written."""
    seen: dict[str, int] = {}
    for batch in file.batches():
        with server.database.reading() as session:
            judged = _judged(server, session, batch, seen)
            earlier = Earlier(server, session, _good(judged))
            yield from [line if isinstance(line, LineOutcome) else _predicted(line, earlier) for line in judged]


def _awarded(server: Server, file: _File) -> Iterator[list[LineOutcome]]:
    """Write and sign the lines, a batch at a time."""
    seen: dict[str, int] = {}
    for batch in file.batches():
        with server.database.transaction() as session:
            judged = _judged(server, session, batch, seen)
            opened = open_awards(server, session, _good(judged), actor=ACTOR)
        ids = [one.credential_id for one in opened if one.outcome == "signed" and one.credential_id]
        held = finish_all(server, ids).held if ids else {}
        outcomes = {one.judged.line.number: _outcome(one, held.get(one.credential_id or "")) for one in opened}
        yield [line if isinstance(line, LineOutcome) else outcomes[line.line.number] for line in judged]


def _judged(
    server: Server, session: Session, batch: Iterable[AwardLine | _Unreadable], seen: dict[str, int]
) -> list[Judged | LineOutcome]:
    register = Register(server, session)
    judged = [_judge(register, line, seen) for line in batch]
    erased = erased_digests(server, session, [one.line for one in _good(judged)])
    return [_unless_erased(server, one, erased) for one in judged]


def _unless_erased(server: Server, judged: Judged | LineOutcome, erased: frozenset[str]) -> Judged | LineOutcome:
    if isinstance(judged, LineOutcome) or digest_of(server, judged.line) not in erased:
        return judged
    return LineOutcome(judged.line.number, "refused", refusals=(refusal(Reason.PERSON_ERASED, "recipient_ref"),))


def _judge(register: Register, line: AwardLine | _Unreadable, seen: dict[str, int]) -> Judged | LineOutcome:
    if isinstance(line, _Unreadable):
        return LineOutcome(line.number, "refused", refusals=line.refusals)
    judged = register.judge(line)
    if not isinstance(judged, Judged):
        return LineOutcome(line.number, "refused", refusals=tuple(judged))
    first = seen.setdefault(judged.key, line.number)
    if first != line.number:
        return LineOutcome(line.number, "refused", refusals=(refusal(Reason.DUPLICATE_LINE, value=first),))
    return judged


def _good(judged: Sequence[Judged | LineOutcome]) -> list[Judged]:
    return [line for line in judged if isinstance(line, Judged)]


def _predicted(judged: Judged, earlier: Earlier) -> LineOutcome:
    outcome = earlier.outcome(judged)
    missing = (judged.missing,) if outcome == "draft" and judged.missing else ()
    differs = earlier.differences(judged) if outcome == "unchanged" else ()
    code = judged.achievement.code
    return LineOutcome(judged.line.number, outcome, achievement=code, refusals=missing, differs=differs)


def _outcome(opened: Opened, held: str | None) -> LineOutcome:
    judged = opened.judged
    missing = (judged.missing,) if opened.outcome == "draft" and judged.missing else ()
    outcome = LineOutcome(
        number=judged.line.number,
        outcome=opened.outcome,
        achievement=judged.achievement.code,
        award_id=opened.award_id,
        credential_id=opened.credential_id,
        code=opened.code,
        refusals=missing,
        differs=opened.differs,
    )
    if held is None:
        return outcome
    return replace(outcome, outcome="held", refusals=(Refusal(Reason.HELD, None, held),))


def _kept(pipe: BinaryIO) -> BinaryIO:
    data = pipe.read(PIPE_BYTES + 1)
    if len(data) > PIPE_BYTES:
        raise AwardFileTooLargeError(f"more than {PIPE_BYTES} bytes through a pipe: save it as a file first")
    return BytesIO(data)
