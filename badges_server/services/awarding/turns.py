"""Whose turn it is: two runs change awards one after the other, so that none sees the other's work half done.

SQLite has one writer anyway. On PostgreSQL the profiles' rows are locked, in the order of their slugs and before
anything else is written; the heads of the hash chains come last. So nobody waits for somebody who waits for them.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.services.profiles import recognition_issuer
from badges_server.services.server import Server
from badges_server.storage.chains import last_audit_at
from badges_server.storage.tables import ProfileRow

# Clocks of several machines on one database differ a little.
CLOCK_TOLERANCE = timedelta(seconds=5)


class ClockError(BadgeError):
    """The clock runs before the last audit entry: what would be dated now cannot be trusted, so nothing is issued."""

    code = "CLOCK_BEFORE_AUDIT"


def take_turn(session: Session, organisations: Iterable[str]) -> None:
    """Wait until nobody else changes awards of these organisations; the transaction's end gives the turn back."""
    slugs = {recognition_issuer(session).slug, *organisations}
    query = select(ProfileRow.slug).where(ProfileRow.slug.in_(slugs)).order_by(ProfileRow.slug)
    session.execute(query.with_for_update(key_share=True)).all()


def check_clock(server: Server, session: Session) -> None:
    """Make sure that time has not run backwards (promises.md, P6).

    Raises:
        ClockError: the machine's clock is before the last audit entry.
    """
    last, now = last_audit_at(session), server.now()
    if last is not None and now + CLOCK_TOLERANCE < last:
        raise ClockError(
            "the clock runs before the last audit entry: set the clock; nothing was issued",
            value=f"{now.isoformat()} < {last.isoformat()}",
        )
