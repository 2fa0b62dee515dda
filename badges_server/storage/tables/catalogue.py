"""Achievements, their versions, pathways: the loaded form of `badge_classes/`."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges_server.storage.tables.declaration import Base, Moment


class AchievementRow(Base):
    """An achievement through all its versions."""

    __tablename__ = "achievements"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    current_version: Mapped[str] = mapped_column(String(20))
    retired: Mapped[bool]


class AchievementVersionRow(Base):
    """One version: its definition as JSON text, the picture of the class, the digest of both."""

    __tablename__ = "achievement_versions"

    slug: Mapped[str] = mapped_column(ForeignKey("achievements.slug"), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    definition: Mapped[str] = mapped_column(Text)
    picture: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    published_on: Mapped[date]
    loaded_at: Mapped[datetime] = mapped_column(Moment)


class PathwayRow(Base):
    """A pathway: its definition as JSON text, the achievement that is its milestone."""

    __tablename__ = "pathways"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[str] = mapped_column(String(20))
    milestone_slug: Mapped[str] = mapped_column(ForeignKey("achievements.slug"), unique=True)
    definition: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(Moment)
