"""What an issuer publishes about keys: its controller document, separate key documents, its key set.

Controlled Identifiers 1.0, section 3.3; implementation guide of OB 3.0; RFC 7517. Asks nobody: all from the facts.
"""

from collections.abc import Callable, Iterator

from badges_server.credentials import did
from badges_server.credentials.errors import BadgeError, CryptographicSecurityError
from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.verification.facts import Facts
from badges_server.credentials.verification.urls import fragment_of, is_http, parts_of, without_fragment
from badges_server.credentials.verification_method import PublicKey, VerificationMethod, public_key_from_jwk

Fits = Callable[[JsonObject], bool]

# Verification relationships of Controlled Identifiers 1.0, section 2.3, besides assertionMethod.
_OTHER_RELATIONSHIPS = ("verificationMethod", "authentication", "keyAgreement", "capabilityInvocation")


class RefusedKeyError(CryptographicSecurityError):
    """The issuer publishes this very key, and not for assertions (Controlled Identifiers 1.0, section 3.3)."""

    code = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


def document_url(controller: str, facts: Facts) -> str | None:
    """Where the document of `controller` is; None for what has no place.

    Raises:
        MalformedValueError: a did:web that leads nowhere.
    """
    if controller.startswith("did:web:"):
        return did.did_web_url(controller, allow_loopback_http=facts.allow_loopback_http)
    return without_fragment(controller) if is_http(controller) else None


def controller_document(controller: str, facts: Facts) -> JsonObject:
    """The document of `controller`.

    Raises:
        NotRetrievedError: it could not be had.
        BadgeError: it has no place, or there is something else.
    """
    url = document_url(controller, facts)
    if url is None:
        raise CryptographicSecurityError("an identifier that publishes no document", value=controller)
    return facts.json(url)


def published_method(url: str, controller: str, facts: Facts) -> VerificationMethod:
    """The key `url` as the document of `controller` publishes it for assertions, there or in a document of its own.

    Raises:
        NotRetrievedError: a document could not be had.
        RefusedKeyError: it is published, and not for assertions.
        BadgeError: it is not published, or in a wrong form.
    """
    document = controller_document(controller, facts)
    identifier = controller + url if url.startswith("#") else url
    try:
        return did.method_of(document, identifier, controller=controller)
    except CryptographicSecurityError:
        if document.get("id") != controller:
            raise
        if identifier in _listed(document, ("assertionMethod",)) and is_http(identifier):
            return _separate_method(identifier, controller, facts)
        if identifier not in _listed(document, ("assertionMethod",)):
            _refuse_other_purposes(document, identifier)
        raise


def same_published_key(key: PublicKey, controller: str, facts: Facts) -> VerificationMethod | None:
    """The published entry of `controller` that holds this very key for assertions, under whatever name.

    Raises:
        BadgeError: the document could not be had or read.
    """
    methods = did.methods_of(controller_document(controller, facts))
    return next((method for method in methods if method.public_key == key and method.controller == controller), None)


def key_set_url(issuer: str) -> str | None:
    """The key set of an issuer with an https id (implementation guide: `/.well-known/jwks.json` at its host)."""
    parts = parts_of(issuer)
    return f"{parts.scheme}://{parts.netloc}/.well-known/jwks.json" if parts else None


def key_in_set(issuer: str, facts: Facts, fits: Fits) -> PublicKey | None:
    """The key of the issuer's key set that fits; an `iss` in it must be the issuer's id."""
    url = key_set_url(issuer)
    try:
        entries = facts.json(url).get("keys") if url else None
    except BadgeError:
        return None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("iss", issuer) == issuer and _holds(fits, entry):
            return public_key_from_jwk(entry)
    return None


def key_at(url: str, facts: Facts) -> PublicKey:
    """The JWK behind `url`, or the member of the key set there that the fragment names. It says nothing of whose it is.

    Raises:
        NotRetrievedError: nothing could be had.
        BadgeError: there is no such key.
    """
    document = facts.json(without_fragment(url))
    entries = document.get("keys")
    if isinstance(entries, list):
        names = (fragment_of(url), url)
        found = [entry for entry in entries if isinstance(entry, dict) and entry.get("kid") in names]
        return public_key_from_jwk(found[0] if found else None)
    return public_key_from_jwk(document)


def _holds(fits: Fits, entry: JsonObject) -> bool:
    try:
        return fits(entry)
    except BadgeError:
        return False  # another key of the set, of a kind that is not used here


def _separate_method(identifier: str, controller: str, facts: Facts) -> VerificationMethod:
    """A key that the controller names for assertions, and that says in its own document whose it is."""
    entry = facts.json(without_fragment(identifier))
    stand_in: JsonObject = {"id": controller, "assertionMethod": [entry]}
    return did.method_of(stand_in, identifier, controller=controller)


def _refuse_other_purposes(document: JsonObject, identifier: str) -> None:
    if identifier in _listed(document, _OTHER_RELATIONSHIPS):
        raise RefusedKeyError("its controller publishes this key, and not for assertions", value=identifier)


def _listed(document: JsonObject, names: tuple[str, ...]) -> set[str]:
    return {found for name in names for found in _identifiers(document, document.get(name))}


def _identifiers(document: JsonObject, value: JsonValue) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        identifier = item.get("id") if isinstance(item, dict) else item
        if isinstance(identifier, str):
            yield f"{document.get('id')}{identifier}" if identifier.startswith("#") else identifier
