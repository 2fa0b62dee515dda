"""The good ones that every defective sample is made from: both versions, every container, every kind of proof."""

from collections.abc import Callable
from functools import cache

from badges_server.credentials import jwt_proof
from badges_server.credentials.baking import png, svg
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, write_json
from tests.credentials.verification.test_reading import AN_SVG, a_png
from tests.credentials.verification.test_version_1 import in_vc_claim, older_badge
from tests.credentials.verification.world import (
    ASSERTION_URL,
    World,
    hosted_assertion,
    jws,
    jwt_signer,
    open_badge,
    signed,
    signed_assertion,
    world,
    world_2,
)

REVOKED_INDEX = 7
Secure = Callable[[JsonObject], str]


def embedded(document: JsonObject) -> str:
    """With its embedded proof."""
    return write_json(signed(document))


def token(document: JsonObject) -> str:
    """As VC-JWT; claims that nothing in it fills are those of the good one."""
    good = jwt_proof.claims_of(open_badge())
    try:
        payload = jwt_proof.claims_of(document)
    except BadgeError:
        payload = {**document, **{name: good[name] for name in ("iss", "jti", "nbf", "sub", "exp")}}
    if "id" not in document:  # the claim then repeats nothing, and that is told by check proof
        payload.pop("jti")
    return jwt_proof.sign_compact(payload, jwt_signer(), {"kid": jwt_signer().verification_method, "typ": "JWT"})


def in_png(text: str, keyword: str = png.KEYWORD_3) -> bytes:
    return png.bake(a_png(), text, keyword)


def in_svg(text: str, version: str = "3.0") -> bytes:
    return svg.bake(AN_SVG, text, "2.0" if version == "2.0" else "3.0").encode()


@cache
def pages_3() -> World:
    return world([REVOKED_INDEX])


def pages_2(document: JsonObject | None = None) -> World:
    made = world_2()
    if document is not None:
        made.puts(ASSERTION_URL, document)
    return made


GOOD: dict[str, tuple[bytes, World]] = {
    "3.0 json": (embedded(open_badge()).encode(), pages_3()),
    "3.0 png": (in_png(embedded(open_badge())), pages_3()),
    "3.0 svg": (in_svg(embedded(open_badge())), pages_3()),
    "3.0 jwt": (token(open_badge()).encode(), pages_3()),
    "3.0 jwt png": (in_png(token(open_badge())), pages_3()),
    "3.0 jwt svg": (in_svg(token(open_badge())), pages_3()),
    "3.0 in VC 1.1 json": (embedded(older_badge()).encode(), pages_3()),
    "3.0 in VC 1.1 jwt": (in_vc_claim(older_badge()).encode(), pages_3()),
    "2.0 hosted json": (write_json(hosted_assertion()).encode(), pages_2()),
    "2.0 hosted png": (in_png(write_json(hosted_assertion()), png.KEYWORD_2), pages_2()),
    "2.0 hosted svg": (in_svg(write_json(hosted_assertion()), "2.0"), pages_2()),
    "2.0 signed jws": (jws(signed_assertion()).encode(), pages_2()),
    "2.0 signed png": (in_png(jws(signed_assertion()), png.KEYWORD_2), pages_2()),
    "2.0 signed svg": (in_svg(jws(signed_assertion()), "2.0"), pages_2()),
}
