"""Status lists, intents, credentials, endorsements; what was given out stays given out."""

import sqlalchemy as sa
from alembic import op

from badges_server.storage.migrations import refusals

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_status_lists()
    _create_status_entries()
    _create_award_intents()
    _create_credentials()
    _create_endorsements()
    _keep_status_entries()


def downgrade() -> None:
    op.drop_table("endorsements")
    op.drop_table("credentials")
    op.drop_table("award_intents")
    op.drop_table("status_entries")
    op.drop_table("status_lists")
    refusals.drop_function()


def _create_status_lists() -> None:
    op.create_table(
        "status_lists",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issuer_slug", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed_version", sa.Integer(), nullable=True),
        sa.Column("signed_document", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issuer_slug"], ["profiles.slug"], name=op.f("fk_status_lists_issuer_slug_profiles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_lists")),
        sa.UniqueConstraint("issuer_slug", "sequence", name=op.f("uq_status_lists_issuer_slug_sequence")),
    )


def _create_status_entries() -> None:
    op.create_table(
        "status_entries",
        sa.Column("list_id", sa.String(length=36), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["status_lists.id"], name=op.f("fk_status_entries_list_id_status_lists")),
        sa.PrimaryKeyConstraint("list_id", "index", name=op.f("pk_status_entries")),
    )


def _create_award_intents() -> None:
    op.create_table(
        "award_intents",
        sa.Column("credential_id", sa.String(length=36), nullable=False),
        sa.Column("award_id", sa.String(length=36), nullable=False),
        sa.Column("issuer_slug", sa.String(length=80), nullable=False),
        sa.Column("status_list_id", sa.String(length=36), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("planned_document", sa.Text(), nullable=False),
        sa.Column("replaces", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_intents_award_id_awards")),
        sa.ForeignKeyConstraint(["issuer_slug"], ["profiles.slug"], name=op.f("fk_award_intents_issuer_slug_profiles")),
        sa.ForeignKeyConstraint(
            ["status_list_id"], ["status_lists.id"], name=op.f("fk_award_intents_status_list_id_status_lists")
        ),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_award_intents")),
        sa.UniqueConstraint(
            "status_list_id", "status_index", name=op.f("uq_award_intents_status_list_id_status_index")
        ),
    )
    op.create_index(op.f("ix_award_intents_award_id"), "award_intents", ["award_id"], unique=False)
    op.create_index("ix_award_intents_completed_at", "award_intents", ["completed_at"], unique=False)


def _create_credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("award_id", sa.String(length=36), nullable=False),
        sa.Column("issuer_slug", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("status_list_id", sa.String(length=36), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("signing_key_id", sa.String(length=80), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("jwt", sa.Text(), nullable=True),
        sa.Column("ob2_jws", sa.Text(), nullable=True),
        sa.Column("ob2_uid", sa.String(length=45), nullable=False),
        sa.Column("ob2_salt", sa.String(length=32), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revocation_reason", sa.String(length=20), nullable=True),
        sa.Column("revocation_note_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("replaced_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("state in ('valid', 'revoked', 'superseded', 'erased')", name=op.f("ck_credentials_state")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_credentials_award_id_awards")),
        sa.ForeignKeyConstraint(["issuer_slug"], ["profiles.slug"], name=op.f("fk_credentials_issuer_slug_profiles")),
        sa.ForeignKeyConstraint(
            ["status_list_id"], ["status_lists.id"], name=op.f("fk_credentials_status_list_id_status_lists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("ob2_uid", name=op.f("uq_credentials_ob2_uid")),
        sa.UniqueConstraint("status_list_id", "status_index", name=op.f("uq_credentials_status_list_id_status_index")),
    )
    op.create_index(op.f("ix_credentials_award_id"), "credentials", ["award_id"], unique=False)
    op.create_index(op.f("ix_credentials_issuer_slug"), "credentials", ["issuer_slug"], unique=False)


def _create_endorsements() -> None:
    op.create_table(
        "endorsements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issuer_slug", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_slug", sa.String(length=80), nullable=False),
        sa.Column("claim", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("status_list_id", sa.String(length=36), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("subject_kind in ('profile', 'achievement')", name=op.f("ck_endorsements_subject_kind")),
        sa.ForeignKeyConstraint(["issuer_slug"], ["profiles.slug"], name=op.f("fk_endorsements_issuer_slug_profiles")),
        sa.ForeignKeyConstraint(
            ["status_list_id"], ["status_lists.id"], name=op.f("fk_endorsements_status_list_id_status_lists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
    )
    op.create_index(op.f("ix_endorsements_issuer_slug"), "endorsements", ["issuer_slug"], unique=False)
    op.create_index(
        "ix_endorsements_subject_kind_subject_slug", "endorsements", ["subject_kind", "subject_slug"], unique=False
    )


def _keep_status_entries() -> None:
    refusals.create_function()
    refusals.refuse_removal("status_entries")
    refusals.refuse_update(
        "status_entries",
        when="(OLD.set_at IS NOT NULL AND NEW.set_at IS NULL)"
        ' OR OLD.list_id <> NEW.list_id OR OLD."index" <> NEW."index"',
        message="a status bit that was set stays set, at its place",
    )
