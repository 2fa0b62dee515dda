"""Moments as documents write them, and the calendar behind a credential's end."""

from calendar import monthrange
from datetime import UTC, date, datetime, time

from badges_server.credentials.errors import MalformedValueError


def write_date_time(moment: datetime) -> str:
    """Write an aware moment as `YYYY-MM-DDTHH:MM:SSZ`, the one form that every reader of xsd:dateTime takes.

    Fractions of a second are dropped: VC-JWT compares `nbf` with `validFrom` at whole seconds.

    Raises:
        MalformedValueError: the moment has no time zone.
    """
    if moment.utcoffset() is None:
        raise MalformedValueError("a date-time needs its time zone", value=moment.isoformat())
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def start_of_day(day: date) -> datetime:
    """The first second of `day`, UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def months_later(day: date, months: int) -> date:
    """The same day `months` later; the month's last day where that day does not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
