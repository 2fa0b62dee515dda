"""Append-only, hash-chained: the audit trail and the issuance log. Triggers refuse every change of a written row."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment


class ChainHeadRow(Base):
    """The last link of a chain; locking this row serializes its writers."""

    __tablename__ = "chain_heads"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditRow(Base):
    """Who did what to what, when. `detail_digest` is salted: the detail itself stands apart and can be erased."""

    __tablename__ = "audit"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    detail_digest: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditDetailRow(Base):
    """The erasable detail of an audit entry, and the salt of its digest."""

    __tablename__ = "audit_details"

    sequence: Mapped[int] = mapped_column(ForeignKey("audit.sequence"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(Text)


class IssuanceRow(Base):
    """One signed document: salted digest of its id, digest of its exact text."""

    __tablename__ = "issuance_log"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    credential_digest: Mapped[str] = mapped_column(String(64), index=True)
    document_digest: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
