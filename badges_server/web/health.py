"""Two questions that machines ask: is it up, can it serve."""

from flask import Blueprint, Response

from badges_server.credentials.errors import BadgeError
from badges_server.web.access import current_server

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer while the process runs; asks nothing of the database."""
    return _plain("ok", 200)


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer 200 when requests can be served: the tables are current and the keys are nobody else's to read."""
    server = current_server()
    try:
        current = server.database.is_current()
    except BadgeError as error:
        return _plain(error.code, 503)
    if not current:
        return _plain("SCHEMA_OUTDATED", 503)
    if server.keyring.check():
        return _plain("KEY_FILE_MODE", 503)
    return _plain("ok", 200)


def _plain(text: str, status: int) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return Response(f"{text}\n", status, headers, content_type="text/plain; charset=utf-8")
