"""`/verifier`: anybody's badge, as a file, a text, an address or a photo of its QR code. Nothing of it is kept."""

from collections.abc import Callable

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import RequestEntityTooLarge

from badges_server.services.showing import foreign_page
from badges_server.services.showing.foreign_texts import shortened
from badges_server.services.showing.submissions import (
    Address,
    Document,
    Nothing,
    OwnBadge,
    Submission,
    read_file,
    read_scanned,
    read_text,
)
from badges_server.web.access import current_server, reading
from badges_server.web.asking import is_from_here
from badges_server.web.headers import CHECKER_PERMISSIONS, CHECKER_POLICY
from badges_server.web.language import in_language
from badges_server.web.verify.blueprint import blueprint

MAXIMUM_FILE_BYTES = 5 * 1024 * 1024
# The form around the file; and what is pasted, which the reader of documents limits once more.
MAXIMUM_REQUEST_BYTES = MAXIMUM_FILE_BYTES + 64 * 1024
MAXIMUM_TEXT_BYTES = 1536 * 1024
# An answer of 422 says that what came is well-formed but is no badge.
NO_BADGE = 422


@blueprint.get("/verifier")
def checker() -> Response:
    """Show the form."""
    return _page("verify/checker.html", problem=None, excerpt="")


@blueprint.post("/verifier")
def check() -> AnyResponse:
    """Verify what was handed in and say what was found; nothing is changed and nothing is kept by asking."""
    if not is_from_here():
        abort(403)
    request.max_content_length = MAXIMUM_REQUEST_BYTES
    request.max_form_memory_size = MAXIMUM_TEXT_BYTES
    try:
        submission, source = _submitted()
    except RequestEntityTooLarge:
        return _page("verify/checker.html", 413, problem="too_large", excerpt="")
    return _ANSWERS[type(submission)](submission, source)


def _submitted() -> tuple[Submission, str]:
    """Take the first thing that was filled in: file, photo, what a camera read, text."""
    base_url = current_server().addresses.base_url
    for field in ("file", "photo"):
        upload = request.files.get(field)
        if upload is not None and upload.filename:
            return read_file(_whole(upload.read()), base_url), shortened(upload.filename)
    scanned, text = request.form.get("scanned", ""), request.form.get("text", "")
    if scanned.strip():
        return read_scanned(scanned, base_url), "-"
    read = read_text(text, base_url)
    return read, read.url if isinstance(read, Address) else "-"


def _whole(data: bytes) -> bytes:
    if len(data) > MAXIMUM_FILE_BYTES:
        raise RequestEntityTooLarge
    return data


def _own_badge(submission: OwnBadge, _source: str) -> AnyResponse:
    return redirect(in_language(url_for("verify.badge", code=submission.code)), 303)


def _nothing(submission: Nothing, _source: str) -> AnyResponse:
    status = 400 if submission.reason == "empty" else NO_BADGE
    return _page("verify/checker.html", status, problem=submission.reason, excerpt=submission.excerpt)


def _report(submission: Document | Address, source: str) -> AnyResponse:
    if isinstance(submission, Address) and submission.found:
        return _page("verify/found_address.html", url=submission.url)
    server = current_server()
    with reading() as session:
        page = foreign_page(server, session, submission, source)
    return _page("verify/checked.html", NO_BADGE if page.verdict == "not_a_badge" else 200, page=page)


_ANSWERS: dict[type[Submission], Callable[..., AnyResponse]] = {
    OwnBadge: _own_badge,
    Nothing: _nothing,
    Document: _report,
    Address: _report,
}


def _page(template: str, status: int = 200, **values: object) -> Response:
    response = make_response(render_template(template, **values), status)
    response.headers["Content-Security-Policy"] = CHECKER_POLICY
    response.headers["Permissions-Policy"] = CHECKER_PERMISSIONS
    # « no-referrer » would make the browser send its form with « Origin: null »; nothing leaves this origin.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
