"""A last look at a planned document before any key touches it: nothing is signed that a verifier would refuse (P3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.document.status_list import status_entry_object
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.model import StatusPlace
from badges_server.credentials.verification.model.checker import Checker
from badges_server.credentials.verification.model.tables import tables


class LintError(BadgeError):
    """A planned document must not be signed as it stands."""

    code = "LINT"


@dataclass(frozen=True)
class Planned:
    """What an intent says, as the linter and the signer need it.

    Attributes:
        issuer_did: the DID that the document must name as its issuer.
        members: names that a neutral document must not hold; empty for a named one.
    """

    credential_id: str
    award_id: str
    issuer_slug: str
    issuer_did: str
    place: StatusPlace
    text: str
    is_neutral: bool
    members: tuple[str, ...]


@dataclass(frozen=True)
class Linted:
    """A planned document that may be signed, with its canonical form: what was looked at is what gets signed."""

    document: JsonObject
    canonical: bytes


def lint(planned: Planned, addresses: Addresses) -> Linted:
    """Give the planned document if it may be signed.

    Raises:
        LintError: it is not what its intent says, a verifier would refuse it, or it tells what it must not.
    """
    try:
        document = parse_json_object(planned.text)
        _check_identity(planned, document, addresses)
        _check_model(document)
        canonical = canonicalize(document)
    except LintError:
        raise
    except BadgeError as error:
        raise LintError(f"cannot be signed: {error}", value=planned.credential_id, path=error.path) from error
    if planned.is_neutral:
        _check_words(planned)
    return Linted(document, canonical)


def _check_identity(planned: Planned, document: JsonObject, addresses: Addresses) -> None:
    expected: Sequence[tuple[str, object, object]] = (
        ("$.proof", document.get("proof"), None),
        ("$.id", document.get("id"), addresses.credential(planned.credential_id)),
        ("$.issuer.id", _member(document.get("issuer"), "id"), planned.issuer_did),
        ("$.credentialStatus", document.get("credentialStatus"), status_entry_object(planned.place, addresses)),
    )
    for path, found, wanted in expected:
        if found != wanted:
            raise LintError(f"is not what the intent says: {wanted}", value=found, path=path)


def _check_model(document: JsonObject) -> None:
    """Hold the document against the tables of Open Badges 3.0; what a reader would only warn of is refused too."""
    defect = next(Checker(tables("3.0")).defects(document, "OpenBadgeCredential"), None)
    if defect is not None:
        raise LintError(defect.message, path=defect.path)
    if "validUntil" in document and not str(document.get("validFrom")) <= str(document["validUntil"]):
        raise LintError("ends before it begins", value=document["validUntil"], path="$.validUntil")


def _check_words(planned: Planned) -> None:
    found = find_forbidden(planned.text, planned.members)
    if found:
        raise LintError("a neutral badge must not hold these words", value=found, path=planned.credential_id)


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None
