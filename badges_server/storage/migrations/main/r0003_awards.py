"""People, awards, observations, offer links, confirmed conditions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_people()
    _create_awards()
    _index_awards()
    _create_observations()
    _create_offer_links()
    _create_condition_confirmations()


def downgrade() -> None:
    op.drop_table("condition_confirmations")
    op.drop_table("offer_links")
    op.drop_table("observations")
    op.drop_table("awards")
    op.drop_table("people")


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_slug", sa.String(length=80), nullable=False),
        sa.Column("reference_digest", sa.String(length=64), nullable=True),
        sa.Column("reference_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("first_name_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("last_name_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("email_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_slug"], ["profiles.slug"], name=op.f("fk_people_organisation_slug_profiles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint(
            "organisation_slug", "reference_digest", name=op.f("uq_people_organisation_slug_reference_digest")
        ),
    )


def _create_awards() -> None:
    op.create_table(
        "awards",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_slug", sa.String(length=80), nullable=False),
        sa.Column("achievement_slug", sa.String(length=80), nullable=False),
        sa.Column("achievement_version", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("presentation", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("code", sa.String(length=10), nullable=True),
        sa.Column("credential_id", sa.String(length=36), nullable=True),
        sa.Column("review_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("presentation in ('neutral', 'named')", name=op.f("ck_awards_presentation")),
        sa.CheckConstraint(
            "state in ('draft', 'observed', 'offered', 'declined', 'accepted',"
            " 'signed', 'revoked', 'expired', 'erased')",
            name=op.f("ck_awards_state"),
        ),
        sa.ForeignKeyConstraint(
            ["achievement_slug", "achievement_version"],
            ["achievement_versions.slug", "achievement_versions.version"],
            name=op.f("fk_awards_achievement_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_slug"], ["profiles.slug"], name=op.f("fk_awards_organisation_slug_profiles")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_awards_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("code", name=op.f("uq_awards_code")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_awards_credential_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_awards_idempotency_key")),
    )


def _index_awards() -> None:
    op.create_index("ix_awards_organisation_slug_state", "awards", ["organisation_slug", "state"], unique=False)
    op.create_index("ix_awards_person_id_achievement_slug", "awards", ["person_id", "achievement_slug"], unique=False)


def _create_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("award_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("observer", sa.String(length=80), nullable=False),
        sa.Column("evidence_encrypted", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_observations_award_id_awards")),
        sa.ForeignKeyConstraint(["observer"], ["staff.reference"], name=op.f("fk_observations_observer_staff")),
        sa.PrimaryKeyConstraint("award_id", "position", name=op.f("pk_observations")),
    )


def _create_offer_links() -> None:
    op.create_table(
        "offer_links",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("award_id", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_offer_links_award_id_awards")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_offer_links")),
    )
    op.create_index(op.f("ix_offer_links_award_id"), "offer_links", ["award_id"], unique=False)


def _create_condition_confirmations() -> None:
    op.create_table(
        "condition_confirmations",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("pathway_slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff.reference"], name=op.f("fk_condition_confirmations_confirmed_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["pathway_slug"], ["pathways.slug"], name=op.f("fk_condition_confirmations_pathway_slug_pathways")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_condition_confirmations_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "pathway_slug", "kind", name=op.f("pk_condition_confirmations")),
    )
