"""Decentralized identifiers: did:web, did:key and did:jwk, and the controller documents that list keys.

DID Core 1.0, Controlled Identifiers 1.0, the did:web, did:key and did:jwk methods. Nothing is fetched here.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from badges_server.credentials.contexts import DID_V1, JWK_V1, MULTIKEY_V1
from badges_server.credentials.date_time import write_date_time
from badges_server.credentials.date_time_stamp import read_date_time_stamp
from badges_server.credentials.errors import BadgeError, CryptographicSecurityError, MalformedValueError, ParsingError
from badges_server.credentials.jose import base64url
from badges_server.credentials.json_text import JsonObject, JsonValue, parse_json_object
from badges_server.credentials.verification_method import (
    PublicKey,
    VerificationMethod,
    jwk_from_public_key,
    multikey_from_public_key,
    public_key_from_jwk,
    public_key_from_multikey,
)

_HOST = re.compile(r"(?P<name>[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?", re.IGNORECASE)
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}", re.IGNORECASE)
_FORBIDDEN_IN_SEGMENT = re.compile(r"[\x00-\x20\x7f/\\?#]|^\.{0,2}$")
_MULTIBASE_TYPES: Final = ("Multikey", "Ed25519VerificationKey2020")
_JWK_TYPES: Final = ("JsonWebKey", "JsonWebKey2020")


def did_web(base_url: str, *segments: str) -> str:
    """Name what lies below `base_url`, like ``did:web:localhost%3A8000:issuers:x``.

    Raises:
        MalformedValueError: no host in the URL, or a segment that no path can hold.
    """
    parts = urlsplit(base_url)
    path = [unquote(part) for part in parts.path.split("/") if part]
    for segment in (*path, *segments):
        _check_segment(segment, base_url)
    _check_host(parts.netloc, base_url)
    return ":".join(["did:web", *(quote(part, safe="") for part in (parts.netloc.lower(), *path, *segments))])


def did_web_url(did: str, *, allow_loopback_http: bool = False) -> str:
    """Give the URL of a did:web's document: https always, but http on this very machine when that is allowed.

    Raises:
        MalformedValueError: not a did:web, or one that points outside of its own path.
    """
    method, _, rest = did.removeprefix("did:").partition(":")
    if not did.startswith("did:") or method != "web":
        raise MalformedValueError("not a did:web", value=did)
    host, *segments = (unquote(part) for part in rest.split(":"))
    _check_host(host, did)
    for segment in segments:
        _check_segment(segment, did)
    is_loopback = _LOOPBACK.fullmatch(host.partition(":")[0]) is not None
    scheme = "http" if allow_loopback_http and is_loopback else "https"
    path = "/".join(quote(segment, safe="") for segment in segments) or ".well-known"
    return f"{scheme}://{host}/{path}/did.json"


def did_key_method(did: str) -> VerificationMethod:
    """Decode a did:key (a bare DID) into its one verification method.

    Raises:
        MalformedValueError: not a did:key.
        CryptographicSecurityError: a kind of key that is not accepted.
    """
    if not did.startswith("did:key:"):
        raise MalformedValueError("not a did:key", value=did)
    multikey = did.removeprefix("did:key:")
    return VerificationMethod(f"{did}#{multikey}", did, public_key_from_multikey(multikey))


def did_jwk_method(did: str) -> VerificationMethod:
    """Decode a did:jwk (a bare DID) into its one verification method.

    Raises:
        MalformedValueError: not a did:jwk.
        CryptographicSecurityError: a kind of key that is not accepted.
    """
    if not did.startswith("did:jwk:"):
        raise MalformedValueError("not a did:jwk", value=did)
    try:
        jwk = parse_json_object(base64url.decode(did.removeprefix("did:jwk:")))
    except ParsingError as error:
        raise MalformedValueError("a did:jwk without a JWK", value=did) from error
    return VerificationMethod(f"{did}#0", did, public_key_from_jwk(jwk))


def did_document(did: str, methods: Sequence[VerificationMethod]) -> JsonObject:
    """Write the document of `did`: RSA keys as JsonWebKey, the others as Multikey.

    A revoked key stays listed, with its moment, but may no longer assert.
    """
    entries = [_method_entry(method) for method in methods]
    types = {entry["type"] for entry in entries}
    contexts = [DID_V1, *([MULTIKEY_V1] if "Multikey" in types else []), *([JWK_V1] if "JsonWebKey" in types else [])]
    return {
        "@context": contexts,
        "id": did,
        "verificationMethod": entries,
        "assertionMethod": [method.id for method in methods if method.revoked is None],
    }


def methods_of(document: JsonObject) -> list[VerificationMethod]:
    """List the keys that may assert for the controller that `document` describes.

    A stranger's document may list keys that are not used here, or not its own: those are left out.

    Raises:
        MalformedValueError: the document has no id, or its lists are no lists of references and objects.
    """
    controller = _controller_of(document)
    methods = []
    for entry in _asserting_entries(document, controller):
        try:
            methods.append(_read_method(entry, controller))
        except BadgeError:
            # Whoever needs this very key gets the reason from `method_of`.
            continue
    return methods


def method_of(document: JsonObject, method_url: str, *, controller: str) -> VerificationMethod:
    """Find the key `method_url` in the document of `controller`, where it must be listed under ``assertionMethod``.

    Raises:
        MalformedValueError: the document or the entry has the wrong form.
        CryptographicSecurityError: the document is somebody else's, the key may not assert, is another's, or is of a
            kind that is not accepted.
    """
    if _controller_of(document) != controller:
        raise CryptographicSecurityError("the document of another controller", value=document["id"], path="$.id")
    for entry in _asserting_entries(document, controller):
        if _absolute(entry.get("id"), controller) == method_url:
            return _read_method(entry, controller)
    raise CryptographicSecurityError("not listed under assertionMethod", value=method_url, path="$.assertionMethod")


def _check_host(host: str, value: str) -> None:
    if not _HOST.fullmatch(host):
        raise MalformedValueError("a did:web needs a host name", value=value)


def _check_segment(segment: str, value: str) -> None:
    if _FORBIDDEN_IN_SEGMENT.search(segment):
        raise MalformedValueError("a path segment that no did:web can hold", value=value)


def _method_entry(method: VerificationMethod) -> JsonObject:
    moments = {"expires": method.expires, "revoked": method.revoked}
    return {
        "id": method.id,
        **_key_entry(method.public_key),
        "controller": method.controller,
        **{name: write_date_time(moment) for name, moment in moments.items() if moment is not None},
    }


def _key_entry(key: PublicKey) -> JsonObject:
    if isinstance(key, RSAPublicKey):
        return {"type": "JsonWebKey", "publicKeyJwk": jwk_from_public_key(key)}
    return {"type": "Multikey", "publicKeyMultibase": multikey_from_public_key(key)}


def _controller_of(document: JsonObject) -> str:
    controller = document.get("id")
    if not isinstance(controller, str):
        raise MalformedValueError("a controller document has an id", path="$.id")
    return controller


def _asserting_entries(document: JsonObject, controller: str) -> Iterator[JsonObject]:
    """Go through ``assertionMethod``: embedded methods as they are, references looked up in ``verificationMethod``."""
    listed = {}
    for entry in _list(document, "verificationMethod"):
        if isinstance(entry, dict):
            listed[_absolute(entry.get("id"), controller)] = entry
    for entry in _list(document, "assertionMethod"):
        if isinstance(entry, dict):
            yield entry
        elif _absolute(entry, controller) in listed:
            yield listed[_absolute(entry, controller)]


def _list(document: JsonObject, name: str) -> list[JsonValue]:
    values = document.get(name, [])
    values = values if isinstance(values, list) else [values]
    if not all(isinstance(value, str | dict) for value in values):
        raise MalformedValueError("a list of URLs and objects is expected", path=f"$.{name}")
    return values


def _absolute(url: JsonValue, controller: str) -> str | None:
    if not isinstance(url, str):
        return None
    return controller + url if url.startswith("#") else url


def _read_method(entry: JsonObject, controller: str) -> VerificationMethod:
    identifier = _absolute(entry.get("id"), controller)
    if identifier is None:
        raise MalformedValueError("a verification method has an id", path="$.verificationMethod")
    if entry.get("controller") != controller:
        raise CryptographicSecurityError("a key of another controller", value=entry.get("controller"), path=identifier)
    return VerificationMethod(
        identifier,
        controller,
        _read_key(entry),
        expires=_moment(entry, "expires"),
        revoked=_moment(entry, "revoked"),
    )


def _read_key(entry: JsonObject) -> PublicKey:
    kind = entry.get("type")
    if kind in _MULTIBASE_TYPES and isinstance(entry.get("publicKeyMultibase"), str):
        return public_key_from_multikey(entry["publicKeyMultibase"])
    if kind in _JWK_TYPES:
        return public_key_from_jwk(entry.get("publicKeyJwk"))
    raise CryptographicSecurityError("a kind of verification method that is not accepted", value=kind)


def _moment(entry: JsonObject, name: str) -> datetime | None:
    return read_date_time_stamp(entry[name], f"$.verificationMethod.{name}") if name in entry else None
