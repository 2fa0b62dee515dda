"""The documents around one of Open Badges 2.0: badge class, issuer, their key and revocation list (OB 2.0, section 4).

Whatever is embedded or handed in, the document behind an http(s) id is what counts: only its host can vouch for it.
"""

from collections.abc import Iterator

from badges_server.credentials.errors import BadgeError, MalformedValueError
from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.verification.case import Case, identifier_of
from badges_server.credentials.verification.facts import Want
from badges_server.credentials.verification.kinds import ASSERTION, CRYPTOGRAPHIC_KEY, ISSUER_2, PROFILE_2
from badges_server.credentials.verification.urls import is_http, without_fragment


def related_wants(case: Case) -> Iterator[Want]:
    """What judging the document needs, as far as the documents that are there already tell."""
    if case.form == "hosted":
        yield from _want(identifier_of(case.given))
    if case.kind == ASSERTION:
        yield from _want(identifier_of(case.document.get("badge")))
    try:
        yield from _want(identifier_of(issuer_reference(case)))
        profile = issuer(case)
    except BadgeError:
        return  # not there yet, or not readable: told by the checks
    if case.form == "signed":
        yield from _want(key_id(case, profile))
        yield from _want(identifier_of(profile.get("revocationList")))


def badge_class(case: Case) -> JsonObject:
    """The badge class of the assertion, fetched.

    Raises:
        NotRetrievedError: it could not be had.
        BadgeError: it is no document, or the assertion names none.
    """
    return _document(case, case.document.get("badge"), "$.badge")


def is_profile(case: Case) -> bool:
    """It is itself a profile: nobody else issues it."""
    return case.kind in (ISSUER_2, PROFILE_2)


def issuer_path(case: Case) -> str:
    """Where the document says who issued it."""
    if is_profile(case):
        return "$"
    if case.kind == CRYPTOGRAPHIC_KEY:
        return "$.owner"
    return "$.badge.issuer" if case.kind == ASSERTION else "$.issuer"


def issuer_reference(case: Case) -> JsonValue:
    """The issuer as the document names it; a profile names itself, a key its owner.

    Raises:
        BadgeError: it is said by the badge class, and that could not be had.
    """
    if is_profile(case):
        return case.document.get("id")
    if case.kind == CRYPTOGRAPHIC_KEY:
        return case.document.get("owner")
    holder = badge_class(case) if case.kind == ASSERTION else case.document
    return holder.get("issuer")


def issuer(case: Case) -> JsonObject:
    """The issuer, fetched.

    Raises:
        NotRetrievedError: it could not be had.
        BadgeError: it is no document, or none is named.
    """
    return _document(case, issuer_reference(case), issuer_path(case))


def key_id(case: Case, profile: JsonObject) -> str | None:
    """The key that signed: the one that the document names, or the only one that its issuer has."""
    verification = case.document.get("verification", case.document.get("verify"))
    creator = verification.get("creator") if isinstance(verification, dict) else None
    if isinstance(creator, str):
        return creator
    keys = key_ids(profile)
    return keys[0] if len(keys) == 1 else None


def key_ids(profile: JsonObject) -> list[str]:
    """The keys that the issuer lists as its own."""
    value = profile.get("publicKey", [])
    identifiers = [identifier_of(item) for item in (value if isinstance(value, list) else [value])]
    return [identifier for identifier in identifiers if identifier is not None]


def cryptographic_key(case: Case, profile: JsonObject) -> JsonObject:
    """The CryptographicKey that should have signed, fetched; or as the issuer's own document embeds it.

    Raises:
        NotRetrievedError: it could not be had.
        BadgeError: nothing says which key it is.
    """
    identifier = key_id(case, profile)
    value = profile.get("publicKey")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and item.get("id") == identifier and "publicKeyPem" in item:
            return item
    return _document(case, identifier, "$.verification.creator")


def _document(case: Case, reference: JsonValue, path: str) -> JsonObject:
    identifier = identifier_of(reference)
    if identifier is None or not is_http(identifier):
        raise MalformedValueError("an http(s) id is needed, so that it can be fetched", value=identifier, path=path)
    return case.facts.json(without_fragment(identifier))


def _want(identifier: str | None) -> Iterator[Want]:
    if identifier is not None and is_http(identifier):
        yield Want(without_fragment(identifier))
