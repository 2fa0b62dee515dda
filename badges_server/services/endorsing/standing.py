"""Signed endorsements as they stand in the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.storage.tables import EndorsementRow


class UnknownEndorsementError(BadgeError):
    """No endorsement has that id."""

    code = "UNKNOWN_ENDORSEMENT"


@dataclass(frozen=True)
class Endorsement:
    """A signed endorsement as it stands.

    Attributes:
        document: the exact signed text.
    """

    id: str
    subject: str
    claim: str
    document: str
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None


def endorsements_of(session: Session, subject_kind: str, slug: str) -> list[Endorsement]:
    """List the endorsements of a subject that nobody revoked, the latest first.

    `subject_kind` is "profile" (with its slug) or "achievement" (with ``slug/version``).
    """
    rows = session.scalars(
        select(EndorsementRow)
        .where(EndorsementRow.subject_kind == subject_kind, EndorsementRow.subject_slug == slug)
        .where(EndorsementRow.revoked_at.is_(None))
        .order_by(EndorsementRow.valid_until.desc().nulls_first(), EndorsementRow.valid_from.desc(), EndorsementRow.id)
    )
    return [_endorsement(row) for row in rows]


def endorsement(session: Session, endorsement_id: str) -> Endorsement:
    """Look up one endorsement, revoked or not.

    Raises:
        UnknownEndorsementError: there is none.
    """
    row = session.get(EndorsementRow, endorsement_id)
    if row is None:
        raise UnknownEndorsementError("unknown endorsement", value=endorsement_id)
    return _endorsement(row)


def _endorsement(row: EndorsementRow) -> Endorsement:
    return Endorsement(
        id=row.id,
        subject=row.subject_slug,
        claim=row.claim,
        document=row.document,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
    )
