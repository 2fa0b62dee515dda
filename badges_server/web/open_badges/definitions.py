"""Achievements, issuers and their keys."""

from flask import Response, request

from badges_server.services import publishing
from badges_server.web.access import current_server
from badges_server.web.open_badges.answering import JSON_FORMS, PAGE, answer, page, wanted


def achievement(slug: str, version: str) -> Response:
    """Serve an achievement at its own `id`: document or page."""
    form = wanted((*JSON_FORMS, PAGE))
    if form == PAGE:
        return page("achievement", slug=slug, version=version)
    return answer(publishing.achievement_json(current_server(), slug, version), form)


def achievement_json(slug: str, version: str) -> Response:
    """Serve the document."""
    return answer(publishing.achievement_json(current_server(), slug, version), wanted(JSON_FORMS))


def achievement_png(slug: str, version: str) -> Response:
    """Serve the picture as PNG."""
    return answer(publishing.achievement_picture(current_server(), slug, version, "png"))


def achievement_svg(slug: str, version: str) -> Response:
    """Serve the picture as SVG."""
    return answer(publishing.achievement_picture(current_server(), slug, version, "svg"))


def issuer(slug: str) -> Response:
    """Serve an issuer: OB 3.0 Profile or page."""
    form = wanted((*JSON_FORMS, PAGE))
    if form == PAGE:
        return page("issuer", slug=slug)
    return answer(publishing.issuer_profile(current_server(), slug), form)


def issuer_did(slug: str) -> Response:
    """Serve the DID document of an issuer."""
    return answer(publishing.issuer_did(current_server(), slug))


def host_did() -> Response:
    """Serve the DID document of this host."""
    return answer(publishing.host_did(current_server(), request.host))


def host_key_set() -> Response:
    """Serve the key set of the issuers on this host."""
    return answer(publishing.host_key_set(current_server(), request.host))
