"""What falls with a compromised key: every signature it made, and those that the server can make again by itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from badges_server.services.keys.records import KeyRecord
from badges_server.storage.tables import CredentialRow, EndorsementRow, StatusEntryRow, StatusListRow


def withdraw_signatures(session: Session, key: KeyRecord, key_url: str, *, now: datetime) -> Sequence[str]:
    """Withdraw what `key` signed; returns the ids of the credentials that are to be signed again.

    Those that were replaced or have expired lose their proof too, and for good: nothing leans on them any more, and a
    new signature could not be dated within the validity of what has expired (docs/decisions, 0012).

    `key_url` is the DID URL of the key, as it stands in proofs.
    """
    if key.algorithm == "RS256":
        _forget_compact_forms(session, key.issuer)
        return ()
    _forget_status_lists(session, key.issuer)
    _revoke_endorsements(session, key.issuer, key_url, now)
    query = select(CredentialRow.id).where(
        CredentialRow.issuer_slug == key.issuer,
        CredentialRow.signing_key_id == key.id,
        CredentialRow.state.in_(("valid", "revoked")),
        or_(CredentialRow.valid_until.is_(None), CredentialRow.valid_until > now),
    )
    return session.scalars(query.order_by(CredentialRow.id)).all()


def _forget_compact_forms(session: Session, issuer_slug: str) -> None:
    """Drop every stored JWT and JWS of the issuer: they are signed again, by its next key, when asked for."""
    session.execute(
        update(CredentialRow).where(CredentialRow.issuer_slug == issuer_slug).values(jwt=None, ob2_jws=None)
    )


def _forget_status_lists(session: Session, issuer_slug: str) -> None:
    session.execute(
        update(StatusListRow)
        .where(StatusListRow.issuer_slug == issuer_slug)
        .values(version=StatusListRow.version + 1, signed_version=None, signed_document=None, signed_at=None)
    )


def _revoke_endorsements(session: Session, issuer_slug: str, key_url: str, now: datetime) -> None:
    standing = select(EndorsementRow).where(
        EndorsementRow.issuer_slug == issuer_slug, EndorsementRow.revoked_at.is_(None)
    )
    for row in session.scalars(standing).all():
        if f'"verificationMethod":"{key_url}"' in row.document:
            row.revoked_at = now
            # The lists' versions were raised already: all of them are signed again.
            session.get_one(StatusEntryRow, (row.status_list_id, row.status_index)).set_at = now
