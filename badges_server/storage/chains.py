"""The two hash chains: who did what (audit), and what was signed (issuance log).

Each row carries the hash of the row before it, so nobody can change, remove, insert or reorder rows without breaking
the chain from there on; the head row tells how long the chain must be. What can be erased stands apart: a row keeps
only a salted digest of it.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from badges_server.credentials.entropy import Entropy
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.chain_links import AUDIT, ISSUANCE, ROWS, ChainRow, canonical, detail_digest, row_hash
from badges_server.storage.tables import AuditDetailRow, AuditRow, ChainHeadRow

__all__ = [
    "AuditEntry",
    "append_audit",
    "append_issuances",
    "check_chains",
    "credential_digest",
    "last_audit_at",
]

# Rows of one INSERT: few statements, and well under both databases' limit of bound values.
_BATCH = 1000


@dataclass(frozen=True)
class AuditEntry:
    """What the audit trail is told.

    Attributes:
        actor: who did it: a staff reference, ``operator`` or ``system``; never a person's name.
        action: what, as ``noun.verb``: ``credential.revoke``.
        subject: to what: an identifier; never personal data.
        detail: the rest, kept apart and erasable; plain JSON.
    """

    actor: str
    action: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


def append_audit(session: Session, entries: Sequence[AuditEntry], *, now: datetime, entropy: Entropy) -> None:
    """Add `entries` to the audit trail, in their order, as part of the open transaction."""
    details = [{"salt": entropy.random_bytes(16).hex(), "detail": canonical(entry.detail)} for entry in entries]
    contents = [
        {
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "detail_digest": detail_digest(detail["salt"], detail["detail"]),
        }
        for entry, detail in zip(entries, details, strict=True)
    ]
    sequences = _append(session, AUDIT, contents, now)
    _insert(session, AuditDetailRow, [{"sequence": s, **d} for s, d in zip(sequences, details, strict=True)])


def append_issuances(session: Session, items: Sequence[tuple[str, str]], *, now: datetime, secret_key: bytes) -> None:
    """Add signed documents, as (credential id, exact text), to the issuance log, as part of the open transaction."""
    contents = [
        {
            "credential_digest": credential_digest(secret_key, credential_id),
            "document_digest": hashlib.sha256(text.encode()).hexdigest(),
        }
        for credential_id, text in items
    ]
    _append(session, ISSUANCE, contents, now)


def credential_digest(secret_key: bytes, credential_id: str) -> str:
    """Name a credential in the issuance log, so that only who holds the deployment's key can look it up there."""
    return hmac.new(secret_key, b"issuance log\0" + credential_id.encode(), hashlib.sha256).hexdigest()


def last_audit_at(session: Session) -> datetime | None:
    """Tell when the last audit entry was written; None before the first. A clock that runs before it is wrong."""
    return session.scalar(select(AuditRow.at).order_by(AuditRow.sequence.desc()).limit(1))


def _append(session: Session, chain: str, contents: Sequence[dict[str, str]], now: datetime) -> range:
    if not contents:
        return range(0)
    # Locks the head until this transaction ends: writers follow one another (on SQLite its write lock does that).
    query = select(ChainHeadRow.sequence, ChainHeadRow.hash).where(ChainHeadRow.name == chain).with_for_update()
    head = session.execute(query).one()
    first, previous = head.sequence, head.hash
    rows: list[dict[str, object]] = []
    for sequence, content in enumerate(contents, start=first + 1):
        link = row_hash(chain, sequence, now, content, previous)
        rows.append({"sequence": sequence, "at": now, **content, "previous_hash": previous, "hash": link})
        previous = link
    _insert(session, ROWS[chain], rows)
    last = first + len(rows)
    moved = update(ChainHeadRow).where(ChainHeadRow.name == chain).values(sequence=last, hash=previous)
    session.execute(moved, execution_options={"synchronize_session": False})
    return range(first + 1, last + 1)


def _insert(session: Session, table: ChainRow | type[AuditDetailRow], rows: Sequence[Mapping[str, object]]) -> None:
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(table), rows[start : start + _BATCH])
