"""Achievements, their versions, pathways."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_achievements()
    _create_achievement_versions()
    _create_pathways()


def downgrade() -> None:
    op.drop_table("pathways")
    op.drop_table("achievement_versions")
    op.drop_table("achievements")


def _create_achievements() -> None:
    op.create_table(
        "achievements",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("current_version", sa.String(length=20), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_achievements")),
        sa.UniqueConstraint("code", name=op.f("uq_achievements_code")),
    )


def _create_achievement_versions() -> None:
    op.create_table(
        "achievement_versions",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug"], ["achievements.slug"], name=op.f("fk_achievement_versions_slug_achievements")
        ),
        sa.PrimaryKeyConstraint("slug", "version", name=op.f("pk_achievement_versions")),
    )


def _create_pathways() -> None:
    op.create_table(
        "pathways",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("milestone_slug", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["milestone_slug"], ["achievements.slug"], name=op.f("fk_pathways_milestone_slug_achievements")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_pathways")),
        sa.UniqueConstraint("milestone_slug", name=op.f("uq_pathways_milestone_slug")),
    )
