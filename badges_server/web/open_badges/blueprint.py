"""The addresses of `interface.md` that serve documents, and what every answer of theirs carries."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from badges_server.web.open_badges import credentials, definitions, open_badges_2

View = Callable[..., ResponseReturnValue]

# Addresses end in what they serve: a longer ending is tried before the bare one.
ADDRESSES: tuple[tuple[str, View], ...] = (
    ("/credentials/<credential_id>", credentials.credential),
    ("/credentials/<credential_id>.json", credentials.credential_json),
    ("/credentials/<credential_id>.jwt", credentials.credential_jwt),
    ("/credentials/<credential_id>.png", credentials.credential_png),
    ("/credentials/<credential_id>.svg", credentials.credential_svg),
    ("/endorsements/<endorsement_id>", credentials.endorsement),
    ("/status/<list_id>", credentials.status_list),
    ("/achievements/<slug>/<version>", definitions.achievement),
    ("/achievements/<slug>/<version>.json", definitions.achievement_json),
    ("/achievements/<slug>/<version>.png", definitions.achievement_png),
    ("/achievements/<slug>/<version>.svg", definitions.achievement_svg),
    ("/issuers/<slug>", definitions.issuer),
    ("/issuers/<slug>/did.json", definitions.issuer_did),
    ("/.well-known/did.json", definitions.host_did),
    ("/.well-known/jwks.json", definitions.host_key_set),
    ("/ob2/assertions/<credential_id>", open_badges_2.assertion),
    ("/ob2/assertions/<credential_id>.json", open_badges_2.assertion_json),
    ("/ob2/assertions/<credential_id>.jws", open_badges_2.assertion_jws),
    ("/ob2/assertions/<credential_id>.png", open_badges_2.assertion_png),
    ("/ob2/assertions/<credential_id>.svg", open_badges_2.assertion_svg),
    ("/ob2/badges/<issuer>/<slug>/<version>", open_badges_2.badge_class),
    ("/ob2/issuers/<slug>", open_badges_2.issuer),
    ("/ob2/keys/<name>", open_badges_2.key),
    ("/ob2/revocations/<issuer>", open_badges_2.revocation_list),
)

# Anybody's page may read what is public here (OB 3.0, section 6: CORS); nothing is sent with it.
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def blueprint() -> Blueprint:
    """Make the blueprint; the application holds the server's bundle and the pages for people in its extensions."""
    made = Blueprint("open_badges", __name__)
    for address, view in ADDRESSES:
        made.add_url_rule(address, f"{view.__module__.rpartition('.')[2]}_{view.__name__}", view)
    made.after_request(_complete)
    return made


def _complete(response: Response) -> Response:
    """Add what every answer needs, the refusals included: they too are the same for everybody."""
    response.vary.add("Accept")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    is_preflight = request.method == "OPTIONS"
    if is_preflight or response.mimetype != "text/html":
        response.headers.update(OPEN_TO_ALL)
    if is_preflight:
        response.headers.update(PREFLIGHT)
    return response
