"""Awards through their life, the observations they stand on, and the one-time links by which people answer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment


class AwardRow(Base):
    """One person, one achievement, one level: draft → observed → offered → accepted → signed → ended.

    `code` is the short code of its verification page, kept through every reissue. `credential_id` is the credential
    that counts now. `awarded_on` is the day of the last observation. `review_since` is set on a milestone that
    leaned on an award revoked for error.
    """

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint(
            "state in ('draft', 'observed', 'offered', 'declined', 'accepted',"
            " 'signed', 'revoked', 'expired', 'erased')",
            name="state",
        ),
        CheckConstraint("presentation in ('neutral', 'named')", name="presentation"),
        ForeignKeyConstraint(
            ["achievement_slug", "achievement_version"],
            ["achievement_versions.slug", "achievement_versions.version"],
            name="fk_awards_achievement_versions",
        ),
        Index("ix_awards_organisation_slug_state", "organisation_slug", "state"),
        Index("ix_awards_person_id_achievement_slug", "person_id", "achievement_slug"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organisation_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"))
    achievement_slug: Mapped[str] = mapped_column(String(80))
    achievement_version: Mapped[str] = mapped_column(String(20))
    level: Mapped[int | None]
    presentation: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    awarded_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    code: Mapped[str | None] = mapped_column(String(10), unique=True)
    credential_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    review_since: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ObservationRow(Base):
    """Who saw what, when. The text is the person's own data and can be deleted later; the fact of it stays."""

    __tablename__ = "observations"

    award_id: Mapped[str] = mapped_column(ForeignKey("awards.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    observed_on: Mapped[date]
    observer: Mapped[str] = mapped_column(ForeignKey("staff.reference"))
    evidence_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)


class OfferLinkRow(Base):
    """A one-time link to the page where a person accepts or declines; only the token's digest is kept."""

    __tablename__ = "offer_links"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    award_id: Mapped[str] = mapped_column(ForeignKey("awards.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
