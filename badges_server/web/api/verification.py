"""`POST /api/v1/verify`: the object of `badges-server verify --json` for a file, a credential or a URL.

Forms of the request (each ≤ 5 MiB):

- `multipart/form-data` with one part `file` (PNG, SVG, JSON, JWT; told apart by content), and `at`, `recipient`;
- JSON: the credential itself, or `{"url": "https://…", "at"?: "…", "recipient"?: "…"}`;
- `text/plain`, `application/jwt`, `application/vc+jwt`: a compact JWS; `image/png`, `image/svg+xml`: a badge picture.

`at` (a moment with its time zone) and `recipient` (`TYPE:VALUE`) may stand in the query in every case. Any badge, good
or bad, gets 200 and a report. Problems: 400 `EMPTY`, `PARSING_ERROR`, `BAD_FILE`, `BAD_URL`, `BAD_MOMENT`,
`BAD_RECIPIENT`; 413 `TOO_LARGE`; 415 `UNSUPPORTED_MEDIA_TYPE`. No page of another site may read the answer (no CORS).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from badges_server.credentials.errors import ParsingError
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.verification import Recipient, Report
from badges_server.services.showing.foreign_texts import shortened
from badges_server.services.verifying import verify_bytes, verify_url
from badges_server.web.access import current_server
from badges_server.web.api.problems import RequestProblemError, problem_answer

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

MAXIMUM_FILE_BYTES = 5 * 1024 * 1024
MAXIMUM_REQUEST_BYTES = MAXIMUM_FILE_BYTES + 64 * 1024
LONGEST_URL = 2000
TEXTS = frozenset({"text/plain", "application/jwt", "application/vc+jwt", "image/png", "image/svg+xml"})
_ASKED_WITH_URL = frozenset({"url", "at", "recipient"})


@dataclass(frozen=True)
class Asked:
    """What is to be verified: bytes or a URL, what the asker calls it, and the options as they were written."""

    source: str
    data: bytes = b""
    url: str = ""
    options: Mapping[str, object] | None = None


@blueprint.post("/verify")
def verify() -> Response:
    """Verify what was sent, now or at the moment asked for."""
    request.max_content_length = MAXIMUM_REQUEST_BYTES
    try:
        asked = _asked()
        options = {**request.args, **(asked.options or {})}
        report = _judged(asked, at=_moment(options.get("at")), recipient=_recipient(options.get("recipient")))
    except RequestEntityTooLarge:
        return problem_answer(RequestProblemError(413, "TOO_LARGE", "send at most 5 MiB"))
    except RequestProblemError as problem:
        return problem_answer(problem)
    body = json.dumps(report.to_json(asked.source), ensure_ascii=False) + "\n"
    headers = {"Cache-Control": "no-store"}
    return Response(body.encode(errors="replace"), 200, headers, content_type="application/json")


def _judged(asked: Asked, *, at: datetime | None, recipient: Recipient | None) -> Report:
    server = current_server()
    if asked.url:
        return verify_url(server, asked.url, at=at, recipient=recipient)
    return verify_bytes(server, asked.data, at=at, recipient=recipient)


def _asked() -> Asked:
    media_type = request.mimetype
    if media_type == "multipart/form-data":
        return _uploaded()
    data = _whole(request.get_data(cache=False))
    if not data.strip():
        raise RequestProblemError(400, "EMPTY", "send the credential as the body, or as the part `file` of a form")
    if media_type == "application/json" or media_type.endswith("+json"):
        return _in_json(data)
    if media_type in TEXTS:
        return Asked("-", data)
    raise RequestProblemError(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "send multipart/form-data, application/json, text/plain, image/png or image/svg+xml",
    )


def _whole(data: bytes) -> bytes:
    """Refuse what is longer than allowed; of a body that did not say its length, only the beginning was read."""
    if len(data) > MAXIMUM_FILE_BYTES:
        raise RequestEntityTooLarge
    return data


def _uploaded() -> Asked:
    uploads = request.files.getlist("file")
    if len(uploads) != 1:
        raise RequestProblemError(400, "BAD_FILE", "send exactly one part named `file`")
    data = _whole(uploads[0].read())
    if not data:
        raise RequestProblemError(400, "EMPTY", "the part `file` is empty")
    return Asked(shortened(uploads[0].filename or "-"), data, options=request.form)


def _in_json(data: bytes) -> Asked:
    """Tell a question about a URL from a credential: a credential has more to say than these fields."""
    try:
        body = parse_json_object(data)
    except ParsingError as error:
        raise RequestProblemError(400, "PARSING_ERROR", str(error)) from error
    if "url" not in body or not set(body) <= _ASKED_WITH_URL:
        return Asked("-", data)
    return Asked(_url(body), url=_url(body), options=body)


def _url(body: JsonObject) -> str:
    url = body["url"]
    if not isinstance(url, str) or not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL:
        raise RequestProblemError(400, "BAD_URL", f"`url` is an https URL of at most {LONGEST_URL} characters")
    return url


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise RequestProblemError(400, "BAD_MOMENT", "`at` is a moment with its time zone, such as 2026-05-12T09:00:00Z")


def _recipient(value: object) -> Recipient | None:
    if value is None:
        return None
    kind, separator, text = str(value).partition(":")
    if not (kind and separator and text):
        raise RequestProblemError(400, "BAD_RECIPIENT", "`recipient` is TYPE:VALUE, such as emailAddress:a@example.com")
    return Recipient(kind, text)
