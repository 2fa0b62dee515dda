"""Signed statements about profiles and achievements."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment


class EndorsementRow(Base):
    """An EndorsementCredential (OB 3.0), its signed text whole."""

    __tablename__ = "endorsements"
    __table_args__ = (
        CheckConstraint("subject_kind in ('profile', 'achievement')", name="subject_kind"),
        Index("ix_endorsements_subject_kind_subject_slug", "subject_kind", "subject_slug"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    issuer_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_slug: Mapped[str] = mapped_column(String(80))
    claim: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(Text)
    status_list_id: Mapped[str] = mapped_column(ForeignKey("status_lists.id"))
    status_index: Mapped[int]
    valid_from: Mapped[datetime] = mapped_column(Moment)
    valid_until: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
