"""What an interrupted run has left is finished by the next one: same ids, same places, same documents."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from badges_server.services.awarding.planning import open_intents
from badges_server.services.awarding.signing.finishing import Finished, finish
from badges_server.services.awarding.turns import check_clock, take_turn
from badges_server.services.server import Server
from badges_server.storage.tables import AwardRow, IntentRow

# Called with how many are done, of how many.
Progress: TypeAlias = Callable[[int, int], None]

BATCH = 200
# A batch is tried again when a key was compromised between its signatures and their storing.
ATTEMPTS = 3


def no_progress(done: int, total: int) -> None:
    """Show nothing."""


def sign_pending(server: Server, progress: Progress = no_progress) -> int:
    """Finish every open intent, and every accepted award that has none; returns how many credentials were stored.

    What our own checks refuse stays open, and is tried again by the next run.

    Raises:
        NoActiveKeyError: an issuer has no key.
        ClockError: time runs backwards.
    """
    while _plan_accepted(server):
        pass
    total, done, after = _count(server), 0, ""
    progress(0, total)
    stored = 0
    while batch := _open_after(server, after):
        stored += len(finish_all(server, batch).stored)
        done, after = done + len(batch), batch[-1]
        progress(done, max(total, done))
    return stored


def finish_all(server: Server, credential_ids: Sequence[str]) -> Finished:
    """Finish these intents; those that another run has completed count as done.

    Raises:
        NoActiveKeyError, SelfCheckError, ClockError: see `finish`.
    """
    stored: list[str] = []
    held: dict[str, str] = {}
    waiting = list(credential_ids)
    for _ in range(ATTEMPTS):
        result = finish(server, waiting)
        stored += result.stored
        held |= result.held
        waiting = [one for one in _still_open(server, waiting) if one not in held]
        if not waiting:
            break
    return Finished(tuple(stored), held | dict.fromkeys(waiting, "its key was compromised while it signed: try again"))


def _plan_accepted(server: Server) -> int:
    """Open intents for a batch of accepted awards that have none."""
    planned = select(IntentRow.award_id).where(IntentRow.award_id == AwardRow.id)
    wanted = AwardRow.state == "accepted", ~planned.exists()
    with server.database.reading() as session:
        slugs = set(session.scalars(select(AwardRow.organisation_slug).where(*wanted).limit(BATCH)))
    if not slugs:
        return 0
    with server.database.transaction() as session:
        take_turn(session, slugs)
        check_clock(server, session)
        rows = session.scalars(select(AwardRow).where(*wanted).order_by(AwardRow.id).limit(BATCH)).all()
        return len(open_intents(server, session, rows))


def _count(server: Server) -> int:
    with server.database.reading() as session:
        return session.scalar(select(func.count()).where(IntentRow.completed_at.is_(None))) or 0


def _open_after(server: Server, after: str) -> list[str]:
    with server.database.reading() as session:
        return _open(session, IntentRow.credential_id > after)


def _still_open(server: Server, credential_ids: Sequence[str]) -> list[str]:
    with server.database.reading() as session:
        return _open(session, IntentRow.credential_id.in_(credential_ids))


def _open(session: Session, condition: ColumnElement[bool]) -> list[str]:
    query = select(IntentRow.credential_id).where(IntentRow.completed_at.is_(None), condition)
    return list(session.scalars(query.order_by(IntentRow.credential_id).limit(BATCH)))
