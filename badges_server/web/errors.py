"""One table from what went wrong to what is answered: problem+json (RFC 9457) for programs, a page for people.

Unknown, not accepted, withdrawn and erased are one answer, whatever was asked: same status, same words, same size.
"""

import json
import traceback
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.exceptions import HTTPException

from badges_server.credentials.errors import BadgeError

RETRY_SECONDS = 5
PROBLEM = "application/problem+json"

# First segments of the paths that only people read.
PAGES = frozenset({"", "v", "verifier", "mes-badges", "mentions-legales"})
# Codes of our errors that mean « there is nothing here », and those that mean « not now ».
NOTHING_HERE = frozenset(
    {
        "NOT_PUBLISHED",
        "UNKNOWN_ACHIEVEMENT",
        "UNKNOWN_CREDENTIAL",
        "UNKNOWN_ENDORSEMENT",
        "UNKNOWN_ISSUER",
        "UNKNOWN_KEY",
        "UNKNOWN_STATUS_LIST",
    }
)
NOT_NOW = frozenset(
    {
        "CLOCK_BEFORE_AUDIT",
        "DATABASE_BUSY",
        "DATABASE_ERROR",
        "DATABASE_UNAVAILABLE",
        "NETWORK_NOT_LOADED",
        "NO_ACTIVE_KEY",
        "STORAGE_FULL",
    }
)


@dataclass(frozen=True)
class Problem:
    """What a kind of failure says, in French for people and in English for programs."""

    status: int
    name: str
    title: LazyString
    advice: LazyString
    offers_finder: bool = False


_PROBLEMS = {
    400: Problem(400, "Bad request", _("Cette demande est mal formée"), _("Revenez en arrière et essayez encore.")),
    403: Problem(
        403,
        "Forbidden",
        _("Cette réponse ne vient pas de notre page"),
        _("Par sécurité, nous ne l’avons pas gardée. Rouvrez le lien et répondez depuis la page."),
    ),
    404: Problem(
        404,
        "Not found",
        _("Nous ne trouvons rien ici"),
        _("Le code est peut-être mal recopié : il n’a jamais de 0, de O, de 1, de I ni de L."),
        offers_finder=True,
    ),
    405: Problem(405, "Method not allowed", _("Cette action n’existe pas ici"), _("Revenez à l’accueil.")),
    413: Problem(413, "Content too large", _("C’est trop gros pour nous"), _("Envoyez moins de données à la fois.")),
    500: Problem(
        500,
        "Internal server error",
        _("Une erreur est arrivée chez nous"),
        _("Ce n’est pas de votre faute. Essayez encore plus tard."),
    ),
    503: Problem(
        503,
        "Service unavailable",
        _("Le service est occupé"),
        _("Ce badge n’est pas en cause. Essayez encore dans quelques secondes."),
    ),
}


def install(app: Flask) -> None:
    """Answer every failure from the table."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(BadgeError, _on_badge_error)
    app.register_error_handler(Exception, _on_bug)


def not_found() -> Response:
    """The one answer for everything that is not there for this reader."""
    return _answer(_PROBLEMS[404], None)


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status in _PROBLEMS:
        return _answer(_PROBLEMS[status], None, dict(error.get_headers()) if status == 405 else {})
    response = error.get_response()
    return make_response(response) if status < 400 else _answer(_PROBLEMS[400], None)


def _on_badge_error(error: BadgeError) -> Response:
    if error.code in NOTHING_HERE:
        return not_found()
    current_app.extensions["request_log"].warning("refused", code=error.code)
    if error.code in NOT_NOW:
        return _answer(_PROBLEMS[503], error.code, {"Retry-After": str(RETRY_SECONDS)})
    return _answer(_PROBLEMS[500], error.code)


def _on_bug(error: Exception) -> Response:
    if current_app.testing or current_app.debug:
        raise error
    # Kind and place, never the message: it may hold what somebody sent.
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    current_app.extensions["request_log"].error("failed", error=type(error).__name__, place=place)
    return _answer(_PROBLEMS[500], None)


def _answer(problem: Problem, code: str | None, headers: dict[str, str] | None = None) -> Response:
    body, media_type = _body(problem, code)
    response = Response(body, problem.status, content_type=media_type)
    allowed = {name: value for name, value in (headers or {}).items() if name in ("Allow", "Retry-After")}
    response.headers.update(allowed)
    response.headers["Cache-Control"] = "no-store"
    return response


def _body(problem: Problem, code: str | None) -> tuple[str, str]:
    if wants_page():
        page = render_template(
            "error.html", title=problem.title, advice=problem.advice, offer_finder=problem.offers_finder
        )
        return page, "text/html; charset=utf-8"
    fields = {"type": "about:blank", "title": problem.name, "status": problem.status}
    return json.dumps(fields | ({"code": code} if code else {})) + "\n", PROBLEM


def wants_page() -> bool:
    """Tell whether the reader is a person's browser rather than a program.

    Who has no preference gets a page where pages live, and problem+json everywhere else.
    """
    page, document = request.accept_mimetypes["text/html"], request.accept_mimetypes["application/json"]
    if page == document:
        return request.path.strip("/").partition("/")[0] in PAGES
    return page > document
