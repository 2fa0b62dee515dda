"""People's keys and the erasure log."""

import sqlalchemy as sa
from alembic import op

revision = "keys_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_person_keys()
    _create_erasures()


def downgrade() -> None:
    op.drop_table("erasures")
    op.drop_table("person_keys")


def _create_person_keys() -> None:
    op.create_table(
        "person_keys",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_keys")),
    )


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasures")),
    )
