"""A batch of judged lines becomes awards, observations and, where the person accepted on paper, intents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badges_server.services.awarding.earlier import Earlier
from badges_server.services.awarding.judging import Judged
from badges_server.services.awarding.planning import open_intents
from badges_server.services.awarding.recipients import Recipients
from badges_server.services.awarding.report import Difference, Outcome
from badges_server.services.awarding.states import advance
from badges_server.services.awarding.trail import award_entry
from badges_server.services.awarding.turns import check_clock, take_turn
from badges_server.services.server import Server
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.tables import AwardRow, IntentRow, ObservationRow

# Steps from a complete observation to the person's answer; nothing in a file stops between them.
TO_OFFER = ("observed", "offered")


@dataclass(frozen=True)
class Opened:
    """What one line has become, before anything is signed.

    Attributes:
        award_id: none when the line's evidence has been overtaken by a later award.
        credential_id: of the intent, for an award accepted on paper.
        differs: what an unchanged line says otherwise.
    """

    judged: Judged
    outcome: Outcome
    award_id: str | None = None
    credential_id: str | None = None
    code: str | None = None
    differs: tuple[Difference, ...] = ()


@dataclass
class _Batch:
    """The open transaction and what is collected in it."""

    server: Server
    session: Session
    actor: str
    recipients: Recipients
    earlier: Earlier
    entries: list[AuditEntry] = field(default_factory=list)
    observations: dict[str, list[ObservationRow]] = field(default_factory=dict)
    accepted: list[AwardRow] = field(default_factory=list)


def open_awards(server: Server, session: Session, lines: Sequence[Judged], *, actor: str) -> list[Opened]:
    """Write a batch of lines; part of the caller's transaction.

    Whatever was decided from the same lines before is decided anew here, when it is this run's turn: another run may
    have written some of them meanwhile.

    Raises:
        ClockError: time runs backwards; nothing may be issued.
    """
    take_turn(session, {judged.line.organisation for judged in lines})
    check_clock(server, session)
    earlier = Earlier(server, session, lines)
    active = [judged for judged in lines if earlier.outcome(judged) != "unchanged"]
    recipients = Recipients(server, session, [judged.line for judged in active])
    batch = _Batch(server, session, actor, recipients, earlier)
    results = [_apply(batch, judged) for judged in lines]
    # Awards first: observations and intents refer to them.
    session.flush()
    session.add_all(row for rows in batch.observations.values() for row in rows)
    session.flush()
    credential_ids = open_intents(server, session, batch.accepted) | _promised(session, results)
    append_audit(session, batch.entries, now=server.now(), entropy=server.entropy)
    return [
        replace(_opened(judged, outcome, row, credential_ids), differs=_differs(earlier, judged, outcome))
        for judged, (outcome, row) in zip(lines, results, strict=True)
    ]


def _differs(earlier: Earlier, judged: Judged, outcome: Outcome) -> tuple[Difference, ...]:
    return earlier.differences(judged) if outcome == "unchanged" else ()


def _opened(judged: Judged, outcome: Outcome, row: AwardRow | None, credential_ids: Mapping[str, str]) -> Opened:
    if row is None:
        return Opened(judged, outcome)
    return Opened(judged, outcome, row.id, credential_ids.get(row.id, row.credential_id), row.code)


def _promised(session: Session, results: Sequence[tuple[Outcome, AwardRow | None]]) -> dict[str, str]:
    """Look up the credentials that another run is just signing for awards that this one finds accepted."""
    waiting = [row.id for outcome, row in results if outcome == "unchanged" and row and row.state == "accepted"]
    query = select(IntentRow).where(IntentRow.award_id.in_(waiting), IntentRow.completed_at.is_(None))
    return {intent.award_id: intent.credential_id for intent in session.scalars(query)} if waiting else {}


def _apply(batch: _Batch, judged: Judged) -> tuple[Outcome, AwardRow | None]:
    outcome, row = batch.earlier.outcome(judged), batch.earlier.award(judged)
    if outcome == "unchanged":
        return outcome, row
    if row is None or row.state == "draft":
        row = _draft(batch, judged)
    if outcome != "draft" and row.state == "draft":
        _offer(batch, judged, row)
    if outcome == "signed":
        _accept(batch, judged, row)
    batch.earlier.keep(judged, row)
    return outcome, row


def _draft(batch: _Batch, judged: Judged) -> AwardRow:
    """Add a draft, or let the line take over the one that waits for more evidence."""
    row = batch.earlier.draft(judged)
    if row is None:
        row = _new_award(batch, judged)
        batch.session.add(row)
    elif not _is_same(batch, row, judged):
        row.idempotency_key, row.presentation = judged.key, judged.line.presentation
        row.changed_at = batch.server.now()
        batch.session.execute(delete(ObservationRow).where(ObservationRow.award_id == row.id))
    else:
        return row
    _observe(batch, judged, row)
    return row


def _new_award(batch: _Batch, judged: Judged) -> AwardRow:
    line, achievement, now = judged.line, judged.achievement, batch.server.now()
    return AwardRow(
        id=str(batch.server.entropy.new_uuid()),
        idempotency_key=judged.key,
        person_id=batch.recipients.id_of(line),
        organisation_slug=line.organisation,
        achievement_slug=achievement.slug,
        achievement_version=achievement.version,
        level=line.level,
        presentation=line.presentation,
        state="draft",
        created_at=now,
        changed_at=now,
    )


def _is_same(batch: _Batch, row: AwardRow, judged: Judged) -> bool:
    """Whether the draft holds the line's very observations; those of this batch are not in the database yet."""
    if row.id in batch.observations:
        return False
    query = select(ObservationRow.observed_on, ObservationRow.observer).where(ObservationRow.award_id == row.id)
    written = [(seen.observed_on, seen.observer) for seen in judged.line.observations]
    return sorted((day, who) for day, who in batch.session.execute(query)) == sorted(written)


def _observe(batch: _Batch, judged: Judged, row: AwardRow) -> None:
    batch.observations[row.id] = [
        ObservationRow(
            award_id=row.id,
            position=seen.position,
            observed_on=seen.observed_on,
            observer=seen.observer,
            evidence_encrypted=batch.recipients.encrypted(judged.line, seen.evidence),
        )
        for seen in judged.line.observations
    ]
    batch.entries.append(award_entry(row, "observe", batch.actor, observations=len(judged.line.observations)))


def _offer(batch: _Batch, judged: Judged, row: AwardRow) -> None:
    advance(row, *TO_OFFER, now=batch.server.now())
    row.awarded_on = judged.line.last_observed_on
    batch.entries.append(award_entry(row, "offer", batch.actor))


def _accept(batch: _Batch, judged: Judged, row: AwardRow) -> None:
    """The person has signed a paper: the organisation answers for it, and the trail says who told us."""
    advance(row, "accepted", now=batch.server.now())
    row.accepted_on, row.presentation = judged.line.accepted_on, judged.line.presentation
    batch.entries.append(award_entry(row, "accept", batch.actor, on=str(row.accepted_on), by="paper"))
    batch.accepted.append(row)
