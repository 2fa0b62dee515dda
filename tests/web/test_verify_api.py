"""`POST /api/v1/verify`: the object of `verify --json` for programs, and a problem document for a wrong request."""

import io
import json
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from badges_server.services.verifying import verify_bytes, verify_url
from tests.web import foreign
from tests.web.sample import Sample

URL = "/api/v1/verify"
# A body that does not say its length, as a server hands it over.
CHUNKED = {"content_type": "text/plain", "environ_overrides": {"wsgi.input_terminated": True}}


def body(answer: TestResponse) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(answer.data))


def test_a_file_a_credential_and_a_token_give_the_report_of_the_command(client: FlaskClient, sample: Sample) -> None:
    uuid = str(sample.awards("signed")[0].id).rpartition("/")[2]
    png, token = client.get(f"/credentials/{uuid}.png").data, client.get(f"/credentials/{uuid}.jwt").data
    text = foreign.text(foreign.badge()).encode()
    answers = [
        (client.post(URL, data={"file": (io.BytesIO(png), "badge.png")}), png, "badge.png"),
        (client.post(URL, data=png, content_type="image/png"), png, "-"),
        (client.post(URL, data=text, content_type="application/json"), text, "-"),
        (client.post(URL, data=text, content_type="application/vc+ld+json"), text, "-"),
        (client.post(URL, data=token, content_type="text/plain; charset=utf-8"), token, "-"),
        (client.post(URL, data=token, content_type="application/vc+jwt"), token, "-"),
    ]
    for answer, data, source in answers:
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert body(answer) == verify_bytes(sample.server, data).to_json(source)
        assert body(answer)["verdict"] == "verified"


def test_a_url(client: FlaskClient, sample: Sample) -> None:
    url = str(sample.awards("signed")[0].id)
    answer = client.post(URL, json={"url": url})
    assert body(answer) == verify_url(sample.server, url).to_json(url)
    assert body(answer)["verdict"] == "verified"


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://169.254.169.254/latest/meta-data", "https://2130706433/"]
)
def test_a_url_inside_is_refused_by_the_guard(client: FlaskClient, url: str) -> None:
    report = body(client.post(URL, json={"url": url}))
    assert report["verdict"] == "incomplete"
    assert "REFUSED" in report["findings"][0]["detail"]


def test_a_bad_badge_is_an_answer_not_a_problem(client: FlaskClient) -> None:
    assert body(client.post(URL, json=foreign.tampered()))["verdict"] == "not_verified"
    junk = client.post(URL, data={"file": (io.BytesIO(b"bonjour"), "x")})
    assert (junk.status_code, body(junk)["findings"][0]["outcome"]) == (200, "failed")


def test_moment_and_person_may_be_given(client: FlaskClient) -> None:
    text = foreign.text(foreign.badge())
    late = client.post(f"{URL}?at=2035-01-01T00:00:00Z", data=text, content_type="application/json")
    assert body(late)["flags"]["expired"]
    form = {
        "file": (io.BytesIO(text.encode()), "x"),
        "at": "2035-01-01T00:00:00Z",
        "recipient": "emailAddress:a@b.example",
    }
    both = body(client.post(URL, data=form))
    assert both["flags"]["expired"]
    assert both["flags"]["recipient"] == "not_matched"


def test_options_stand_beside_the_url(client: FlaskClient, sample: Sample) -> None:
    url = str(sample.awards("signed")[0].id)
    report = body(
        client.post(URL, json={"url": url, "at": "2020-01-01T00:00:00Z", "recipient": "emailAddress:a@b.example"})
    )
    assert report["flags"]["not_yet_valid"]
    assert report["flags"]["recipient"] == "not_matched"


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"data": b"", "content_type": "application/json"}, 400, "EMPTY"),
        ({"data": b"{", "content_type": "application/json"}, 400, "PARSING_ERROR"),
        ({"data": b"[" * 100_000, "content_type": "application/json"}, 400, "PARSING_ERROR"),
        ({"data": b'{"a":1,"a":2}', "content_type": "application/json"}, 400, "PARSING_ERROR"),
        ({"data": b"[]", "content_type": "application/json"}, 400, "PARSING_ERROR"),
        ({"json": {"url": 1}}, 400, "BAD_URL"),
        ({"json": {"url": "file:///etc/passwd"}}, 400, "BAD_URL"),
        ({"json": {"url": "https://a.example/" + "x" * 2000}}, 400, "BAD_URL"),
        ({"json": {"url": "https://a.example", "at": "demain"}}, 400, "BAD_MOMENT"),
        ({"json": {"url": "https://a.example", "at": "2026-01-01T00:00:00"}}, 400, "BAD_MOMENT"),
        ({"json": {"url": "https://a.example", "recipient": "moi"}}, 400, "BAD_RECIPIENT"),
        ({"data": {"other": "x"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"data": {"other": (io.BytesIO(b"x"), "x")}}, 400, "BAD_FILE"),
        ({"data": {"file": (io.BytesIO(b""), "x")}}, 400, "EMPTY"),
        ({"data": b"<x/>", "content_type": "application/xml"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"data": b"x" * (6 * 1024 * 1024), "content_type": "text/plain"}, 413, "TOO_LARGE"),
        ({"data": b"x" * (5 * 1024 * 1024 + 1), "content_type": "text/plain"}, 413, "TOO_LARGE"),
        ({**CHUNKED, "input_stream": io.BytesIO(b"x" * (6 * 1024 * 1024))}, 413, "TOO_LARGE"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_a_problem_document(
    client: FlaskClient, request_: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(URL, **request_)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = body(answer)
    assert problem["code"] == code
    assert problem["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_other_site_may_read_it(client: FlaskClient) -> None:
    answer = client.post(URL, json=foreign.badge(), headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get(URL).status_code == 405
