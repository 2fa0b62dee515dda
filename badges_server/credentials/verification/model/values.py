"""The scalar kinds of the tables: whether one value is what it should be."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonValue

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_HTTP_URL = re.compile(r"https?://[^\x00-\x20<>\"{}|^`\\/?#]+([/?#][^\x00-\x20<>\"{}|^`\\]*)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_COMPACT_JWS = re.compile(r"[\w-]+\.[\w-]*\.[\w-]+", re.ASCII)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DATE_TIME = re.compile(
    r"(?P<date>-?\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d(:\d\d([.,]\d+)?)?)(?P<zone>Z|[+-]\d\d(:?\d\d)?)?", re.ASCII
)
_STRICT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", re.ASCII)


def read_moment(text: JsonValue, path: str | None = None) -> datetime:
    """Read a date-time as real credentials write it: seconds and the colon of the zone may be missing, the zone not.

    Raises:
        MalformedValueError: not a date-time, or one without its time zone.
    """
    form = _DATE_TIME.fullmatch(text) if isinstance(text, str) else None
    if form is None:
        raise MalformedValueError("not a date-time", value=text, path=path)
    if form["zone"] is None:
        raise MalformedValueError("a date-time without its time zone", value=text, path=path)
    zone = "+00:00" if form["zone"] == "Z" else form["zone"]
    zone = f"{zone}:00" if len(zone) == 3 else zone
    try:
        return datetime.fromisoformat(f"{form['date']}T{form['time']}{zone}")
    except ValueError as error:
        raise MalformedValueError("no such date-time", value=text, path=path) from error


def is_strict_moment(text: str) -> bool:
    """Tell whether `text` is written as xsd:dateTimeStamp wants it: seconds, and a zone with its colon."""
    return _STRICT.fullmatch(text) is not None


def _is_moment(value: JsonValue) -> bool:
    try:
        read_moment(value)
    except MalformedValueError:
        return False
    return True


def _is_local_moment(value: JsonValue) -> bool:
    return _is_moment(value) or (isinstance(value, str) and _is_moment(f"{value}Z"))


def _is_date(value: JsonValue) -> bool:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _text_like(pattern: re.Pattern[str]) -> Callable[[JsonValue], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_image(value: JsonValue) -> bool:
    return isinstance(value, str) and (value.startswith("data:image/") or _URI.fullmatch(value) is not None)


# Each with the words that say what is expected.
SCALARS: Mapping[str, tuple[Callable[[JsonValue], bool], str]] = {
    "URI": (_text_like(_URI), "an absolute URI"),
    "HttpUrl": (_text_like(_HTTP_URL), "an http(s) URL"),
    "ImageUri": (_is_image, "the URI of an image"),
    "IRI": (lambda value: isinstance(value, str) and bool(value.strip()), "a type's name"),
    "ExactlyOne": (lambda value: isinstance(value, str), "one type's name"),
    "String": (lambda value: isinstance(value, str), "a string"),
    "Boolean": (lambda value: isinstance(value, bool), "true or false"),
    "Number": (_is_number, "a number"),
    "Integer": (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    "DateTimeZ": (_is_moment, "a date-time with its time zone"),
    "DateTime": (_is_local_moment, "a date-time"),
    "Date": (_is_date, "a date"),
    "LanguageCode": (_text_like(_LANGUAGE), "a language code"),
    "CountryCode": (_text_like(_COUNTRY), "a two-letter country code"),
    "Email": (_text_like(_EMAIL), "an e-mail address"),
    "CompactJws": (_text_like(_COMPACT_JWS), "a compact JWS"),
    "Context": (lambda value: isinstance(value, str | dict), "a context"),
    "ContextValue": (lambda value: isinstance(value, str | dict), "a context"),
    "Any": (lambda value: value is not None, "a value"),
}
