"""Whose key is it: where a verification method is published, and what its publisher says of it.

A key counts for an issuer only when the issuer's own document publishes it for assertions (Controlled Identifiers 1.0,
section 3.3; implementation guide of OB 3.0). A key that a token's header or a URL's fragment carries along says that a
signature fits it, and nothing about the issuer. A key that the issuer publishes for something else is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from badges_server.credentials import did
from badges_server.credentials.errors import BadgeError, CryptographicSecurityError, MalformedValueError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import NotRetrievedError, Want
from badges_server.credentials.verification.urls import fragment_of, is_http, without_fragment
from badges_server.credentials.verification.version_3.published import (
    Fits,
    RefusedKeyError,
    document_url,
    key_at,
    key_in_set,
    key_set_url,
    published_method,
    same_published_key,
)
from badges_server.credentials.verification_method import (
    PublicKey,
    VerificationMethod,
    public_key_from_jwk,
    public_key_from_multikey,
)

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


def key_wants(url: str, case: Case) -> Iterator[Want]:
    """The documents that publish the verification method `url`; none for keys that are their own identifier."""
    controllers = [without_fragment(url)]
    if is_http(url):
        controllers.append(case.issuer_id or "")
    yield from _document_wants(controllers, case)


def issuer_wants(case: Case) -> Iterator[Want]:
    """The documents by which the issuer publishes its keys, where no proof has named them."""
    issuer = case.issuer_id or ""
    has_own_key = case.unverified is not None and "jwk" in case.unverified.header
    if is_http(issuer) or has_own_key:
        yield from _document_wants([issuer], case)
    key_set = key_set_url(issuer)
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
        return _published(published_method(url, controller, case.facts))
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
        return _of_issuer(key, case) or _named_key(kid, key, case)
    if kid.startswith("did:"):
        return find_key(kid, case)
    return _in_key_set(case, lambda entry: entry.get("kid") == kid) or _key_of_kid(kid, case)


def _document_wants(controllers: list[str], case: Case) -> Iterator[Want]:
    for controller in controllers:
        try:
            url = document_url(controller, case.facts)
        except BadgeError:
            continue  # told when the key is looked for
        if url is not None:
            yield Want(url, _CONTROLLER_DOCUMENT)


def _key_of_kid(kid: str, case: Case) -> FoundKey:
    """A verification method, else the JWK behind the URL, which is the issuer's only when the issuer lists it too."""
    try:
        return find_key(kid, case)
    except RefusedKeyError:
        raise
    except BadgeError as error:
        try:
            key = key_at(kid, case.facts)
        except BadgeError:
            raise error from None
    return _of_issuer(key, case) or FoundKey(key, None, kid)


def _named_key(kid: str, key: PublicKey, case: Case) -> FoundKey:
    """The header's key, published by nobody unless what `kid` names is the very same key."""
    bare = FoundKey(key, None, "the token's own header")
    try:
        found = find_key(kid, case)
    except RefusedKeyError:
        raise
    except BadgeError:
        return bare
    if found.public_key != key:
        raise RefusedKeyError("the header carries another key than the one that kid names", value=kid)
    return found


def _of_issuer(key: PublicKey, case: Case) -> FoundKey | None:
    """The very key as the issuer publishes it: in its key set, or in its controller document."""
    listed = _in_key_set(case, lambda entry: public_key_from_jwk(entry) == key)
    if listed is not None:
        return listed
    try:
        method = same_published_key(key, case.issuer_id or "", case.facts)
    except BadgeError:
        return None
    return _published(method) if method is not None else None


def _self_published(method: VerificationMethod, url: str) -> FoundKey:
    if url not in (method.id, method.controller):
        raise MalformedValueError("a fragment that names no key of this DID", value=url)
    return _published(method)


def _published(method: VerificationMethod) -> FoundKey:
    return FoundKey(method.public_key, method.controller, method.id, method)


def _key_at_url(url: str, case: Case) -> FoundKey:
    """A key behind an https URL: the issuer's document lists it, or the document there does, or the URL spells it."""
    errors: list[BadgeError] = []
    for controller in dict.fromkeys([case.issuer_id or "", without_fragment(url)]):
        try:
            return _published(published_method(url, controller, case.facts))
        except RefusedKeyError:
            raise
        except BadgeError as error:
            errors.append(error)
    fragment = fragment_of(url)
    if fragment.startswith("z"):
        return FoundKey(public_key_from_multikey(fragment), None, "the fragment of its own URL")
    # The document that was had and refuses the key says more than the one that could not be had.
    raise next((error for error in errors if not isinstance(error, NotRetrievedError)), errors[0])


def _in_key_set(case: Case, fits: Fits) -> FoundKey | None:
    issuer = case.issuer_id or ""
    key = key_in_set(issuer, case.facts, fits)
    return FoundKey(key, issuer, str(key_set_url(issuer))) if key is not None else None
