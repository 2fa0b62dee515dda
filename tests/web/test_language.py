"""How days, hours and links are written in the language of the page."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from badges_server.web.language import clock, clock_seconds, in_language, long_day

NIGHT = datetime(2026, 4, 30, 22, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "hour", "seconds"),
    [("fr", "1er mai 2026", "0 h 02", "0 h 02 min 07 s"), ("en", "1 May 2026", "00:02", "00:02:07")],
)
def test_moments_are_those_of_paris(bare_app: Flask, language: str, day: str, hour: str, seconds: str) -> None:
    with bare_app.test_request_context(f"/?lang={language}"):
        written = [text.replace("\u00a0", " ") for text in (long_day(NIGHT), clock(NIGHT), clock_seconds(NIGHT))]
        assert written == [day, hour, seconds]


def test_a_day_is_the_same_everywhere(bare_app: Flask) -> None:
    with bare_app.test_request_context("/?lang=fr"):
        assert long_day(date(2026, 5, 1)) == "1er\u00a0mai\u00a02026"
        assert long_day(date(2026, 5, 11)) == "11\u00a0mai\u00a02026"
        assert long_day(date(2026, 5, 31)) == "31\u00a0mai\u00a02026"


def test_a_chosen_language_goes_along(bare_app: Flask) -> None:
    with bare_app.test_request_context("/?lang=en"):
        assert in_language("/v/K7RMX4PQ2T") == "/v/K7RMX4PQ2T?lang=en"
        assert in_language("http://localhost/a?b=c#d") == "http://localhost/a?b=c&lang=en#d"


@pytest.mark.parametrize("asked", ["", "?lang=de", "?lang=%22%3E"])
def test_a_language_that_was_not_chosen_does_not(bare_app: Flask, asked: str) -> None:
    with bare_app.test_request_context(f"/{asked}"):
        assert in_language("/v/K7RMX4PQ2T") == "/v/K7RMX4PQ2T"
