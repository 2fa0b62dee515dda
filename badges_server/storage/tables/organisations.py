"""Profiles, dated memberships and conventions, staff references and dated mandates, public keys."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment


class ProfileRow(Base):
    """An organisation that issues, endorses or belongs."""

    __tablename__ = "profiles"
    __table_args__ = (CheckConstraint("kind in ('network', 'recognition', 'member')", name="kind"),)

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    url: Mapped[str | None] = mapped_column(String(2000))
    description: Mapped[str] = mapped_column(Text)
    siret: Mapped[str | None] = mapped_column(String(14), unique=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class MembershipRow(Base):
    """An organisation's time in the network; `left_on` is its last day."""

    __tablename__ = "memberships"

    profile_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"), primary_key=True)
    joined_on: Mapped[date] = mapped_column(primary_key=True)
    left_on: Mapped[date | None]


class ConventionRow(Base):
    """A State agreement (or the kind that needs none: EBE, ESS), with its dates."""

    __tablename__ = "conventions"

    profile_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    ends_on: Mapped[date | None]


class StaffRow(Base):
    """A member of staff, known by a reference only."""

    __tablename__ = "staff"

    reference: Mapped[str] = mapped_column(String(80), primary_key=True)
    organisation_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    left_on: Mapped[date | None]


class MandateRow(Base):
    """Who may observe and award for an organisation, from when to when, for which achievement (none: all)."""

    __tablename__ = "mandates"
    __table_args__ = (Index("ix_mandates_organisation_slug_staff_reference", "organisation_slug", "staff_reference"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    staff_reference: Mapped[str] = mapped_column(ForeignKey("staff.reference"))
    organisation_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"))
    achievement_slug: Mapped[str | None] = mapped_column(String(80))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class SigningKeyRow(Base):
    """The public side of a key pair and its state; the private side is a file of the keyring.

    `id` is the fragment of its DID URL. `public_key` is a Multikey for EdDSA, a JWK (JSON) for RS256.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("state in ('prepared', 'published', 'active', 'retired', 'compromised')", name="state"),
        CheckConstraint("algorithm in ('EdDSA', 'RS256')", name="algorithm"),
    )

    issuer_slug: Mapped[str] = mapped_column(ForeignKey("profiles.slug"), primary_key=True)
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    algorithm: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    public_key: Mapped[str] = mapped_column(Text)
    prepared_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    active_at: Mapped[datetime | None] = mapped_column(Moment)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    compromised_at: Mapped[datetime | None] = mapped_column(Moment)
