"""People, whose personal columns only their own key opens; and, in a store apart, those keys and the erasure log."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment, PersonKeysBase


class PersonRow(Base):
    """Somebody who earns badges, as one organisation knows them.

    `reference_digest` is a keyed digest (the deployment's key), to find the person again by the organisation's own
    reference; it is emptied at erasure. Every `*_encrypted` column is AES-256-GCM under the person's own key.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("organisation_slug", "reference_digest"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"))
    reference_digest: Mapped[str | None] = mapped_column(String(64))
    reference_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    first_name_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_name_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class PersonKeyRow(PersonKeysBase):
    """A person's key, wrapped by the deployment's key. Deleting it erases the person everywhere, backups too."""

    __tablename__ = "person_keys"

    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)


class ErasureRow(PersonKeysBase):
    """One erasure; replayed after a restore, so that nobody comes back from a backup."""

    __tablename__ = "erasures"

    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Moment)
