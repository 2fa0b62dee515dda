"""Audit trail and issuance log: chained, and refusing every change of a written row."""

import sqlalchemy as sa
from alembic import op

from badges_server.storage.migrations import refusals

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_chain_heads()
    _create_audit()
    _create_audit_details()
    _create_issuance_log()
    _start_chains()
    _keep_rows()


def downgrade() -> None:
    op.drop_table("issuance_log")
    op.drop_table("audit_details")
    op.drop_table("audit")
    op.drop_table("chain_heads")


def _create_chain_heads() -> None:
    op.create_table(
        "chain_heads",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chain_heads")),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)


def _create_audit_details() -> None:
    op.create_table(
        "audit_details",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["audit.sequence"], name=op.f("fk_audit_details_sequence_audit")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_details")),
    )


def _create_issuance_log() -> None:
    op.create_table(
        "issuance_log",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("credential_digest", sa.String(length=64), nullable=False),
        sa.Column("document_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_issuance_log")),
    )
    op.create_index(op.f("ix_issuance_log_credential_digest"), "issuance_log", ["credential_digest"], unique=False)


def _start_chains() -> None:
    # A chain starts from nothing: 64 zeros, the hash before the first.
    heads = sa.table("chain_heads", sa.column("name"), sa.column("sequence"), sa.column("hash"))
    op.bulk_insert(heads, [{"name": name, "sequence": 0, "hash": "0" * 64} for name in ("audit", "issuance")])


def _keep_rows() -> None:
    for table in ("audit", "issuance_log"):
        refusals.refuse_removal(table)
        refusals.refuse_update(table)
        refusals.refuse_replacement(table, "sequence")
    refusals.refuse_removal("chain_heads")
    refusals.refuse_update(
        "chain_heads",
        when="NEW.sequence <= OLD.sequence OR NEW.name <> OLD.name",
        message="a chain only grows",
    )
