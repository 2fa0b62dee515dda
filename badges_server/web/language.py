"""The language of a page, and how days and hours are written in it. French is the source; English is complete."""

from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Flask, request
from flask_babel import Babel, format_date, format_datetime, get_locale

LANGUAGES = ("fr", "en")
CATALOGUES = Path(__file__).with_name("translations")
TIME_ZONE = "Europe/Paris"
CLOCK = {"fr": "H 'h' mm", "en": "HH:mm"}
CLOCK_SECONDS = {"fr": "H 'h' mm 'min' ss 's'", "en": "HH:mm:ss"}


def install(app: Flask) -> None:
    """Give the templates gettext, `language` and the filters of this module."""
    app.config["BABEL_DEFAULT_TIMEZONE"] = TIME_ZONE
    Babel(
        app,
        default_locale="fr",
        default_translation_directories=str(CATALOGUES),
        locale_selector=chosen_language,
    )
    app.jinja_env.filters.update(long_day=long_day, clock=clock, clock_seconds=clock_seconds, in_language=in_language)
    app.context_processor(lambda: {"language": page_language()})


def chosen_language() -> str:
    """Answer with `?lang=` when it names a language we have, else with what the browser prefers, else French."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, default="fr") or "fr"


def page_language() -> str:
    """Name the language of the page that is being made, for its `lang` attribute."""
    locale = get_locale()
    return str(locale.language) if locale else "fr"


def long_day(day: date) -> str:
    """Write a day in full, in Paris when it is a moment: « 3 mai 2026 », « 1er mai 2026 »."""
    text = str(format_datetime(day, "d MMMM y")) if isinstance(day, datetime) else str(format_date(day, "d MMMM y"))
    first = page_language() == "fr" and text.startswith("1 ")
    return unbroken(text.replace("1 ", "1er ", 1) if first else text)


def clock(moment: datetime) -> str:
    """Write the hour in Paris: « 14 h 02 »."""
    return unbroken(str(format_datetime(moment, CLOCK[page_language()])))


def clock_seconds(moment: datetime) -> str:
    """Write the hour in Paris to the second: « 14 h 02 min 07 s »."""
    return unbroken(str(format_datetime(moment, CLOCK_SECONDS[page_language()])))


def unbroken(text: str) -> str:
    """Keep a day or an hour on one line."""
    return text.replace(" ", "\u00a0")


def in_language(url: str) -> str:
    """Carry on the language that the reader asked for by `?lang=`; there is no cookie to remember it."""
    asked = request.args.get("lang", "")
    if asked not in LANGUAGES:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode({"lang": asked})]))
    return urlunsplit(parts._replace(query=query))
