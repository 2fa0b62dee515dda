"""Intents (what will be signed), credentials (what was signed, whole), status lists and their entries."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment


class StatusListRow(Base):
    """One bitstring status list of an issuer's series. `version` rises with every revocation in it."""

    __tablename__ = "status_lists"
    __table_args__ = (UniqueConstraint("issuer_slug", "sequence"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    issuer_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"))
    sequence: Mapped[int]
    length: Mapped[int]
    used: Mapped[int]
    version: Mapped[int]
    signed_version: Mapped[int | None]
    signed_document: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)


class StatusEntryRow(Base):
    """An index that was given out, for ever: rows are never deleted, so no index is used twice."""

    __tablename__ = "status_entries"

    list_id: Mapped[str] = mapped_column(ForeignKey("status_lists.id"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    set_at: Mapped[datetime | None] = mapped_column(Moment)


class IntentRow(Base):
    """What is about to be signed, stored before it is: a crash leaves this row, and a second run finishes it."""

    __tablename__ = "award_intents"
    __table_args__ = (
        UniqueConstraint("status_list_id", "status_index"),
        Index("ix_award_intents_completed_at", "completed_at"),
    )

    credential_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    award_id: Mapped[str] = mapped_column(ForeignKey("awards.id"), index=True)
    issuer_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"))
    status_list_id: Mapped[str] = mapped_column(ForeignKey("status_lists.id"))
    status_index: Mapped[int]
    planned_document: Mapped[str] = mapped_column(Text)
    replaces: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(Moment)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)


class CredentialRow(Base):
    """A signed credential. `document` is the exact text that was signed and is served.

    `jwt` and `ob2_jws` are made once, at first request. `ob2_uid` and `ob2_salt` belong to the OB 2.0 forms.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        CheckConstraint("state in ('valid', 'revoked', 'superseded', 'erased')", name="state"),
        UniqueConstraint("status_list_id", "status_index"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    award_id: Mapped[str] = mapped_column(ForeignKey("awards.id"), index=True)
    issuer_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    status_list_id: Mapped[str] = mapped_column(ForeignKey("status_lists.id"))
    status_index: Mapped[int]
    signing_key_id: Mapped[str] = mapped_column(String(80))
    document: Mapped[str | None] = mapped_column(Text)
    jwt: Mapped[str | None] = mapped_column(Text)
    ob2_jws: Mapped[str | None] = mapped_column(Text)
    ob2_uid: Mapped[str] = mapped_column(String(45), unique=True)
    ob2_salt: Mapped[str] = mapped_column(String(32))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    awarded_at: Mapped[datetime] = mapped_column(Moment)
    valid_until: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revocation_reason: Mapped[str | None] = mapped_column(String(20))
    revocation_note_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    replaced_by: Mapped[str | None] = mapped_column(String(36))
