"""Every place of a badge whose URL this server fetches, each with a badge that has a chosen URL in that place."""

import copy
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from badges_server.credentials import data_integrity, jwt_proof
from badges_server.credentials.baking import png
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.public_key import multikey_from_public_key
from tests.credentials.conftest import KeySigner
from tests.credentials.verification.test_endorsements import endorsement
from tests.credentials.verification.world import (
    ISSUER,
    KEY,
    NOW,
    badge_class,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    open_badge,
    signed,
    signed_assertion,
    status_list_document,
)
from tests.hostile.urls import did_of

# Where redirects to the chosen URL stand on the test's own peer, by the shapes that fetch sites give to a URL.
HOP = "/hop"
HOPS = (HOP, f"{HOP}/did.json", "/.well-known/jwks.json")


@dataclass(frozen=True)
class Laid:
    """A badge that leads to the chosen URL, and the honest documents on the way there, by path on the peer.

    Attributes:
        given: what is handed in; none: the URL itself is.
    """

    given: bytes | None
    pages: Mapping[str, bytes] = field(default_factory=dict)


# Takes the chosen URL and the origin of the test's own peer.
Lay = Callable[[str, str], Laid]


def _text(document: object) -> bytes:
    return json.dumps(document).encode()


@cache
def _signed_badge() -> JsonObject:
    return signed(open_badge())


@cache
def _signed_list() -> JsonObject:
    return signed(status_list_document())


@cache
def _signed_endorsement() -> JsonObject:
    signer = replace(KEY, verification_method="did:web:network.example.org#key-1")
    return data_integrity.secure(endorsement(), signer, NOW)


def _badge(**changes: object) -> Laid:
    return Laid(_text({**_signed_badge(), **changes}))


def _with_method(document: JsonObject, method: str, issuer: str | None = None) -> JsonObject:
    changed = copy.deepcopy(document)
    changed["proof"][0]["verificationMethod"] = method
    if issuer is not None:
        changed["issuer"] = {**changed["issuer"], "id": issuer}
    return changed


def picture(url: str) -> bytes:
    """A PNG of one pixel with an Open Badges 1 or 2 URL in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    text = chunk(b"iTXt", b"openbadges\0\0\0\0\0" + url.encode(errors="replace"))
    return png.SIGNATURE + head + text + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _status(kind: str, url: str) -> JsonObject:
    if kind == "1EdTechRevocationList":
        return {"id": url, "type": kind}
    entry = {"id": f"{url}#1", "type": kind, "statusPurpose": "revocation", "statusListIndex": "1"}
    return {**entry, "statusListCredential": url}


def _status_list_key(url: str, origin: str) -> Laid:
    entry = _status("BitstringStatusListEntry", f"{origin}/list")
    return Laid(_badge(credentialStatus=entry).given, {"/list": _text(_with_method(_signed_list(), url))})


def _endorsed(content: JsonObject) -> Laid:
    return _badge(issuer={**_signed_badge()["issuer"], "endorsement": [content]})


def _endorsement_status(url: str, _origin: str) -> Laid:
    return _endorsed({**_signed_endorsement(), "credentialStatus": _status("BitstringStatusListEntry", url)})


def _token(url: str, _origin: str) -> Laid:
    document = open_badge()
    document["issuer"] = {**document["issuer"], "id": url}
    token = jwt_proof.sign_compact(document, jwt_signer(), {"kid": "did:key:z6Mk#none"})
    return Laid(token.encode())


@cache
def _own_signer() -> KeySigner:
    key = multikey_from_public_key(KEY.public_key)
    return replace(KEY, verification_method=f"did:key:{key}#{key}")


def _refresh(url: str, _origin: str) -> Laid:
    """Only a badge whose own proof holds is refreshed."""
    signer = _own_signer()
    document = open_badge()
    del document["credentialStatus"]
    document["issuer"] = {**document["issuer"], "id": signer.verification_method.partition("#")[0]}
    document["refreshService"] = {"id": url, "type": "1EdTechCredentialRefresh"}
    try:
        return Laid(_text(signed(document, signer)))
    except BadgeError:
        # What cannot be signed is no URL either; unsigned it must lead nowhere all the same.
        return Laid(_text(document))


def _hosted(**changes: object) -> bytes:
    return _text({**hosted_assertion(), **changes})


def _hosted_badge(url: str, origin: str) -> Laid:
    assertion = _hosted(id=f"{origin}/assertion", badge=url)
    return Laid(assertion, {"/assertion": assertion})


def _hosted_issuer(url: str, origin: str) -> Laid:
    assertion = _hosted(id=f"{origin}/assertion", badge=f"{origin}/badge")
    badge = _text({**badge_class(), "id": f"{origin}/badge", "issuer": url})
    return Laid(assertion, {"/assertion": assertion, "/badge": badge})


def _signed_with(origin: str, profile: JsonObject, **changes: object) -> Laid:
    document = {**signed_assertion(), "badge": f"{origin}/badge", **changes}
    badge = {**badge_class(), "id": f"{origin}/badge", "issuer": f"{origin}/issuer"}
    pages = {"/badge": _text(badge), "/issuer": _text({**issuer_profile(), "id": f"{origin}/issuer", **profile})}
    return Laid(jws(document).encode(), pages)


def _key(url: str, origin: str) -> Laid:
    return _signed_with(origin, {"publicKey": url}, verification={"type": "SignedBadge", "creator": url})


def _revocations(url: str, origin: str) -> Laid:
    return _signed_with(origin, {"revocationList": url})


def _endorsement_2(url: str, origin: str) -> Laid:
    assertion = _hosted(id=f"{origin}/assertion", badge=f"{origin}/badge", endorsement=url)
    return Laid(assertion, {"/assertion": assertion})


def _extended(context: str, origin: str, pages: Mapping[str, bytes]) -> Laid:
    extension = {"@context": context, "type": ["Extension", "extensions:Hostile"], "word": "x"}
    assertion = _hosted(id=f"{origin}/assertion", **{"extensions:Hostile": extension})
    return Laid(assertion, {"/assertion": assertion, **pages})


def _extension_schema(url: str, origin: str) -> Laid:
    rule = {"obi:validatesType": "extensions:Hostile", "obi:validationSchema": url}
    return _extended(f"{origin}/context", origin, {"/context": _text({"@context": {}, "obi:validation": [rule]})})


def _related(kind: str, **more: object) -> Callable[[str, str], Laid]:
    def lay(url: str, _origin: str) -> Laid:
        document = {"@context": "https://w3id.org/openbadges/v2", "type": kind, "id": url, "name": "x", **more}
        return Laid(_text(document))

    return lay


SITES: Mapping[str, Lay] = {
    "url handed in": lambda _url, _: Laid(None),
    "url in a picture": lambda url, _: Laid(picture(url)),
    "did:web of an issuer": lambda url, _: Laid(
        _text(_with_method(_signed_badge(), f"{did_of(url)}#key-1", did_of(url)))
    ),
    "https id of an issuer": lambda url, _: Laid(_text(_with_method(_signed_badge(), f"{ISSUER}#key-1", url))),
    "verification method": lambda url, _: Laid(_text(_with_method(_signed_badge(), f"{url}#key-1"))),
    "key set of an issuer": _token,
    "status list": lambda url, _: _badge(credentialStatus=_status("BitstringStatusListEntry", url)),
    "legacy revocation list": lambda url, _: _badge(credentialStatus=_status("1EdTechRevocationList", url)),
    "key of a status list": _status_list_key,
    "key of an endorsement": lambda url, _: _endorsed(_with_method(_signed_endorsement(), f"{url}#key-1")),
    "status list of an endorsement": _endorsement_status,
    "schema": lambda url, _: _badge(credentialSchema={"id": url, "type": "1EdTechJsonSchemaValidator2019"}),
    "refresh service": _refresh,
    "2.0: hosted assertion": lambda url, _: Laid(_hosted(id=url)),
    "2.0: badge class": _hosted_badge,
    "2.0: issuer": _hosted_issuer,
    "2.0: key": _key,
    "2.0: revocation list": _revocations,
    "2.0: endorsement": _endorsement_2,
    "2.0: context of an extension": lambda url, origin: _extended(url, origin, {}),
    "2.0: schema of an extension": _extension_schema,
    "2.0: badge class handed in": _related("BadgeClass", issuer="https://honest.example/issuer"),
    "2.0: issuer handed in": _related("Issuer"),
}
