"""Credentials in their forms, the statements about them, their status lists."""

from flask import Response

from badges_server.services import publishing
from badges_server.web.access import current_server
from badges_server.web.open_badges.answering import COMPACT_FORMS, CREDENTIAL_FORMS, PAGE, answer, page, wanted

_STATUS_COMPACT = ("application/vc+jwt", "application/jwt")


def credential(credential_id: str) -> Response:
    """Serve a credential at its own `id`: document, VC-JWT or page."""
    form = wanted((*CREDENTIAL_FORMS, *COMPACT_FORMS, PAGE))
    if form == PAGE:
        response = page("credential", credential_id=credential_id)
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        return response
    if form in COMPACT_FORMS:
        return answer(publishing.credential_jwt(current_server(), credential_id), form)
    return answer(publishing.credential_json(current_server(), credential_id), form)


def credential_json(credential_id: str) -> Response:
    """Serve the signed document."""
    return answer(publishing.credential_json(current_server(), credential_id), wanted(CREDENTIAL_FORMS))


def credential_jwt(credential_id: str) -> Response:
    """Serve the VC-JWT."""
    return answer(publishing.credential_jwt(current_server(), credential_id))


def credential_png(credential_id: str) -> Response:
    """Serve the baked PNG."""
    return answer(publishing.credential_picture(current_server(), credential_id, "png"))


def credential_svg(credential_id: str) -> Response:
    """Serve the baked SVG."""
    return answer(publishing.credential_picture(current_server(), credential_id, "svg"))


def endorsement(endorsement_id: str) -> Response:
    """Serve a signed endorsement."""
    return answer(publishing.endorsement_json(current_server(), endorsement_id), wanted(CREDENTIAL_FORMS))


def status_list(list_id: str) -> Response:
    """Serve a status list, as JSON or, when asked for, as JWT."""
    form = wanted((*CREDENTIAL_FORMS, *_STATUS_COMPACT))
    if form in _STATUS_COMPACT:
        return answer(publishing.status_list_jwt(current_server(), list_id), form)
    return answer(publishing.status_list_json(current_server(), list_id), form)
