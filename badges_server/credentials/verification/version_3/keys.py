"""Whose key is it: where a verification method is published, and what its publisher says of it.

A key counts for an issuer only when the issuer's own document publishes it for assertions (Controlled Identifiers 1.0,
section 3.3; implementation guide of OB 3.0). A key that a token's header or a URL's fragment carries along says that a
signature fits it, and nothing about the issuer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from badges_server.credentials import did
from badges_server.credentials.errors import BadgeError, CryptographicSecurityError, MalformedValueError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import Facts, NotRetrievedError, Want
from badges_server.credentials.verification.urls import fragment_of, is_http, parts_of, without_fragment
from badges_server.credentials.verification_method import (
    PublicKey,
    VerificationMethod,
    public_key_from_jwk,
    public_key_from_multikey,
)

_Fits = Callable[[JsonObject], bool]

_CONTROLLER_DOCUMENT = "application/did+json, application/ld+json;q=0.9, application/json;q=0.8"
_KEY_SET = "application/jwk-set+json, application/json;q=0.9"


@dataclass(frozen=True)
class FoundKey:
    """A public key and who stands for it.

    Attributes:
        publisher: whose document publishes it for assertions; none: nobody's.
        where: where it was found, in words.
        method: the published entry, with the moments when it ends.
    """

    public_key: PublicKey
    publisher: str | None
    where: str
    method: VerificationMethod | None = None


def key_wants(url: str, facts: Facts) -> Iterator[Want]:
    """The document that publishes the verification method `url`; none for keys that are their own identifier."""
    try:
        place = _document_url(url, facts)
    except BadgeError:
        return  # told when the key is looked for
    if place is not None:
        yield Want(place, _CONTROLLER_DOCUMENT)


def issuer_wants(case: Case) -> Iterator[Want]:
    """The documents by which an issuer with an https id publishes its keys."""
    issuer = case.issuer_id or ""
    if is_http(issuer):
        yield Want(without_fragment(issuer), _CONTROLLER_DOCUMENT)
        key_set = _key_set_url(issuer)
        if case.form == "jwt" and key_set is not None:
            yield Want(key_set, _KEY_SET)


def find_key(url: str, case: Case) -> FoundKey:
    """Find the key that the verification method `url` names.

    Raises:
        NotRetrievedError: the document that would publish it could not be had.
        BadgeError: it is not published for assertions, or is no key that is accepted.
    """
    controller = without_fragment(url)
    if controller.startswith("did:key:"):
        return _self_published(did.did_key_method(controller), url)
    if controller.startswith("did:jwk:"):
        return _self_published(did.did_jwk_method(controller), url)
    if controller.startswith("did:web:"):
        document = case.facts.json(did.did_web_url(controller, allow_loopback_http=case.facts.allow_loopback_http))
        return _published(did.method_of(document, _absolute(url, controller), controller=controller))
    if is_http(url):
        return _key_at_url(url, case)
    raise CryptographicSecurityError("a verification method of an unknown kind", value=url)


def find_token_key(header: JsonObject, case: Case) -> FoundKey:
    """Find the key of a VC-JWT: by `kid`, or the one in its header, which nobody publishes unless its issuer does.

    Raises:
        NotRetrievedError, BadgeError: see `find_key`.
    """
    kid = str(header.get("kid"))
    if "jwk" in header:
        key = public_key_from_jwk(header["jwk"])
        by_issuer = _in_key_set(case, lambda entry: public_key_from_jwk(entry) == key)
        return by_issuer or _named_key(kid, key, case)
    if kid.startswith("did:"):
        return find_key(kid, case)
    return _in_key_set(case, lambda entry: entry.get("kid") == kid) or find_key(kid, case)


def _named_key(kid: str, key: PublicKey, case: Case) -> FoundKey:
    """The header's key, published by nobody unless what `kid` names is the very same key."""
    bare = FoundKey(key, None, "the token's own header")
    try:
        found = find_key(kid, case)
    except BadgeError:
        return bare
    return found if found.public_key == key else bare


def _self_published(method: VerificationMethod, url: str) -> FoundKey:
    if url not in (method.id, method.controller):
        raise MalformedValueError("a fragment that names no key of this DID", value=url)
    return _published(method)


def _published(method: VerificationMethod) -> FoundKey:
    return FoundKey(method.public_key, method.controller, method.id, method)


def _key_at_url(url: str, case: Case) -> FoundKey:
    """A key behind an https URL: the issuer's document lists it, or the document there does, or the URL spells it."""
    issuer = case.issuer_id or ""
    errors: list[BadgeError] = []
    for controller in dict.fromkeys([without_fragment(issuer), without_fragment(url)]):
        try:
            document = case.facts.json(controller)
            return _published(did.method_of(document, _absolute(url, controller), controller=controller))
        except BadgeError as error:
            errors.append(error)
    fragment = fragment_of(url)
    if fragment.startswith("z"):
        return FoundKey(public_key_from_multikey(fragment), None, "the fragment of its own URL")
    # The document that was had and refuses the key says more than the one that could not be had.
    raise next((error for error in errors if not isinstance(error, NotRetrievedError)), errors[0])


def _in_key_set(case: Case, fits: _Fits) -> FoundKey | None:
    """The issuer's key set at its host (`/.well-known/jwks.json`), for issuers whose id is an https URL."""
    issuer = case.issuer_id or ""
    url = _key_set_url(issuer)
    if url is None:
        return None
    try:
        entries = case.facts.json(url).get("keys")
    except BadgeError:
        return None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("iss", issuer) == issuer and _holds(fits, entry):
            return FoundKey(public_key_from_jwk(entry), issuer, url)
    return None


def _holds(fits: _Fits, entry: JsonObject) -> bool:
    try:
        return fits(entry)
    except BadgeError:
        return False  # another key of the set, of a kind that is not used here


def _document_url(url: str, facts: Facts) -> str | None:
    controller = without_fragment(url)
    if controller.startswith("did:web:"):
        return did.did_web_url(controller, allow_loopback_http=facts.allow_loopback_http)
    return controller if is_http(controller) else None


def _key_set_url(issuer: str) -> str | None:
    parts = parts_of(issuer)
    return f"{parts.scheme}://{parts.netloc}/.well-known/jwks.json" if parts else None


def _absolute(url: str, controller: str) -> str:
    return controller + url if url.startswith("#") else url
