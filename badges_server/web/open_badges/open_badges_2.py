"""Open Badges 2.0: hosted and signed assertions, badge classes, issuers, keys, revocations."""

from flask import Response

from badges_server.services.publishing import open_badges_2 as publishing
from badges_server.web.access import current_server
from badges_server.web.open_badges.answering import JSON_FORMS, PAGE, answer, page, wanted


def assertion(credential_id: str) -> Response:
    """Serve a hosted Assertion at its own `id`: document or page."""
    form = wanted((*JSON_FORMS, PAGE))
    if form == PAGE:
        response = page("credential", credential_id=credential_id)
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        return response
    return answer(publishing.assertion_json(current_server(), credential_id), form)


def assertion_json(credential_id: str) -> Response:
    """Serve the document."""
    return answer(publishing.assertion_json(current_server(), credential_id), wanted(JSON_FORMS))


def assertion_jws(credential_id: str) -> Response:
    """Serve the signed Assertion."""
    return answer(publishing.assertion_jws(current_server(), credential_id))


def assertion_png(credential_id: str) -> Response:
    """Serve the baked PNG."""
    return answer(publishing.assertion_picture(current_server(), credential_id, "png"))


def assertion_svg(credential_id: str) -> Response:
    """Serve the baked SVG."""
    return answer(publishing.assertion_picture(current_server(), credential_id, "svg"))


def badge_class(issuer: str, slug: str, version: str) -> Response:
    """Serve a BadgeClass: document or page."""
    form = wanted((*JSON_FORMS, PAGE))
    if form == PAGE:
        return page("achievement", slug=slug, version=version)
    return answer(publishing.badge_class(current_server(), issuer, slug, version), form)


def issuer(slug: str) -> Response:
    """Serve an issuer: OB 2.0 Profile or page."""
    form = wanted((*JSON_FORMS, PAGE))
    if form == PAGE:
        return page("issuer", slug=slug)
    return answer(publishing.issuer_json(current_server(), slug), form)


def key(name: str) -> Response:
    """Serve a CryptographicKey."""
    return answer(publishing.key_json(current_server(), name), wanted(JSON_FORMS))


def revocation_list(issuer: str) -> Response:
    """Serve an issuer's RevocationList."""
    return answer(publishing.revocation_list(current_server(), issuer), wanted(JSON_FORMS))
