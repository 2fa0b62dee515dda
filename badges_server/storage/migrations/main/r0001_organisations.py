"""Organisations: profiles, memberships, conventions, staff, mandates, public keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_profiles()
    _create_memberships()
    _create_conventions()
    _create_staff()
    _create_mandates()
    _create_signing_keys()


def downgrade() -> None:
    op.drop_table("signing_keys")
    op.drop_table("mandates")
    op.drop_table("staff")
    op.drop_table("conventions")
    op.drop_table("memberships")
    op.drop_table("profiles")


def _create_profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('network', 'recognition', 'member')", name=op.f("ck_profiles_kind")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_profiles")),
        sa.UniqueConstraint("siret", name=op.f("uq_profiles_siret")),
    )


def _create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("profile_slug", sa.String(length=80), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["profile_slug"], ["profiles.slug"], name=op.f("fk_memberships_profile_slug_profiles")),
        sa.PrimaryKeyConstraint("profile_slug", "joined_on", name=op.f("pk_memberships")),
    )


def _create_conventions() -> None:
    op.create_table(
        "conventions",
        sa.Column("profile_slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["profile_slug"], ["profiles.slug"], name=op.f("fk_conventions_profile_slug_profiles")),
        sa.PrimaryKeyConstraint("profile_slug", "kind", "starts_on", name=op.f("pk_conventions")),
    )


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("organisation_slug", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_slug"], ["profiles.slug"], name=op.f("fk_staff_organisation_slug_profiles")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_staff")),
    )
    op.create_index(op.f("ix_staff_organisation_slug"), "staff", ["organisation_slug"], unique=False)


def _create_mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("staff_reference", sa.String(length=80), nullable=False),
        sa.Column("organisation_slug", sa.String(length=80), nullable=False),
        sa.Column("achievement_slug", sa.String(length=80), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_slug"], ["profiles.slug"], name=op.f("fk_mandates_organisation_slug_profiles")
        ),
        sa.ForeignKeyConstraint(
            ["staff_reference"], ["staff.reference"], name=op.f("fk_mandates_staff_reference_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    op.create_index(
        "ix_mandates_organisation_slug_staff_reference",
        "mandates",
        ["organisation_slug", "staff_reference"],
        unique=False,
    )


def _create_signing_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("issuer_slug", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compromised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("algorithm in ('EdDSA', 'RS256')", name=op.f("ck_signing_keys_algorithm")),
        sa.CheckConstraint(
            "state in ('prepared', 'published', 'active', 'retired', 'compromised')", name=op.f("ck_signing_keys_state")
        ),
        sa.ForeignKeyConstraint(["issuer_slug"], ["profiles.slug"], name=op.f("fk_signing_keys_issuer_slug_profiles")),
        sa.PrimaryKeyConstraint("issuer_slug", "id", name=op.f("pk_signing_keys")),
    )
