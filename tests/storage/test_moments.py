"""Moments in the database: always with their zone, always UTC, to the microsecond."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from badges_server.storage.database import Database
from badges_server.storage.tables import ProfileRow


def profile(moment: datetime) -> ProfileRow:
    return ProfileRow(slug="p", kind="member", name="n", email="e", description="d", updated_at=moment)


def test_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    paris = datetime(2026, 7, 14, 11, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with database.transaction() as session:
        session.add(profile(paris))
    with database.reading() as session:
        found = session.get_one(ProfileRow, "p").updated_at
    assert found == paris
    assert found.tzinfo is UTC
    assert found.isoformat() == "2026-07-14T09:30:00.123456+00:00"


def test_moment_without_zone_is_refused(database: Database) -> None:
    with database.transaction() as session:
        session.add(profile(datetime(2026, 7, 14)))  # noqa: DTZ001 - the very thing that is refused
        with pytest.raises(StatementError, match="a moment needs a time zone"):
            session.flush()
        session.rollback()
