"""The credential before the judge: what it is, in which form, and the facts about it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

from badges_server.credentials import canonical
from badges_server.credentials.contexts import CREDENTIALS_V1
from badges_server.credentials.data_integrity import without_proof
from badges_server.credentials.errors import BadgeError, ParsingError
from badges_server.credentials.json_text import JsonObject, JsonValue, parse_json_object
from badges_server.credentials.jwt_proof import UnverifiedToken, credential_of, decode_unverified
from badges_server.credentials.received import Received
from badges_server.credentials.verification.facts import Answer, Facts
from badges_server.credentials.verification.finding import Said
from badges_server.credentials.verification.kinds import ASSERTION, Kind, kind_of
from badges_server.credentials.verification.urls import without_fragment

# embedded: proofs inside; jwt: VC-JWT around; hosted, signed: the two forms of Open Badges 2.0.
Form = Literal["embedded", "jwt", "hosted", "signed"]

Result = TypeVar("Result")

GONE = 410


@dataclass(frozen=True)
class Case:
    """One credential with the facts about it.

    Attributes:
        document: the credential, whole, as it came (out of a JWT: without the registered claims).
        given: the document that was handed in, where a hosted assertion was fetched anew; else the same.
        token: the compact JWS, unverified, and what it says.
        depth: 0 for the credential itself, 1 for what it leads to (status list, endorsement).
        refreshed: what asking its refresh service came to, where that was asked.
    """

    document: JsonObject
    form: Form
    kind: Kind
    facts: Facts
    given: JsonObject = field(default_factory=dict)
    token: str = ""
    unverified: UnverifiedToken | None = None
    depth: int = 0
    refreshed: Said | None = None
    _known: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: str, compute: Callable[[], Result]) -> Result:
        """Give what `compute` gives, computed once: several checks look at the same proofs and deviations."""
        if name not in self._known:
            self._known[name] = compute()
        result: Result = self._known[name]
        return result

    @property
    def is_revocation_notice(self) -> bool:
        """All that is left of a hosted assertion: that it was revoked (OB 2.0, section 4.1)."""
        is_revoked = self.kind == ASSERTION and self.document.get("revoked") is True
        return self.form == "hosted" and is_revoked and "badge" not in self.document

    @property
    def is_version_2(self) -> bool:
        """It is of Open Badges 2.0."""
        return self.form in ("hosted", "signed")

    @property
    def is_version_1(self) -> bool:
        """It is in the form of VC Data Model 1.1."""
        contexts = self.document.get("@context")
        return isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]

    @property
    def valid_from_name(self) -> str:
        """The property that begins its validity."""
        return "issuanceDate" if self.is_version_1 else "validFrom"

    @property
    def valid_until_name(self) -> str:
        """The property that ends its validity."""
        return "expirationDate" if self.is_version_1 else "validUntil"

    @cached_property
    def _canonical(self) -> bytes | BadgeError:
        try:
            return canonical.canonicalize(self._unsecured)
        except BadgeError as error:
            return error

    @cached_property
    def _unsecured(self) -> JsonObject:
        return without_proof(self.document)

    def canonicalize(self, document: JsonObject) -> bytes:
        """Write the canonical form of `document`, once for the credential itself, which several checks need.

        Raises:
            BadgeError: see `canonical.canonicalize`.
        """
        if document != self._unsecured:
            return canonical.canonicalize(document)
        if isinstance(self._canonical, BadgeError):
            raise self._canonical
        return self._canonical

    @property
    def issuer_id(self) -> str | None:
        """The issuer's id, if it is in a readable place."""
        return identifier_of(self.document.get("issuer"))

    def nested(self, document: JsonValue) -> "Case":
        """The case of a credential as a JSON object that this one holds or leads to.

        Raises:
            ParsingError: it is no JSON object.
        """
        if not isinstance(document, dict):
            raise ParsingError("a credential is a JSON object", value=type(document).__name__)
        return replace(_case(document, self.facts), depth=self.depth + 1)

    def nested_text(self, text: str) -> "Case":
        """The same for a credential as text: JSON or a compact JWS.

        Raises:
            ParsingError: it is neither.
        """
        text = text.strip()
        if text.startswith("{"):
            return self.nested(parse_json_object(text))
        return replace(_signed_case(text, self.facts), depth=self.depth + 1)


def open_case(facts: Facts) -> Case:
    """Open what was received.

    Raises:
        ParsingError: it cannot be read; or it is only a URL, and what that leads to is not among the facts.
        BadgeError: as `facts.received` says.
    """
    if not isinstance(facts.received, Received):
        raise facts.received
    return open_received(facts.received, facts)


def open_received(received: Received, facts: Facts) -> Case:
    """Open another form of what was received, such as one that a refresh service gave.

    Raises:
        BadgeError: see `open_case`.
    """
    if received.kind == "jwt":
        return _signed_case(received.text, facts)
    if received.kind == "url":
        return _case(facts.json(without_fragment(received.text)), facts)
    return _case(parse_json_object(received.text), facts)


def _case(document: JsonObject, facts: Facts) -> Case:
    kind = kind_of(document)
    if kind.version != ASSERTION.version:
        return Case(document, "embedded", kind, facts, document)
    return Case(_hosted_document(document, facts), "hosted", kind, facts, document)


def _hosted_document(given: JsonObject, facts: Facts) -> JsonObject:
    """What is hosted at the document's id counts; what was handed in only names it (OB 2.0, hosted verification)."""
    found = facts.documents.get(without_fragment(str(given.get("id"))))
    if not isinstance(found, Answer) or found.status == GONE:
        return given
    try:
        hosted = parse_json_object(found.body)
    except ParsingError:
        return given
    # A host that only says "revoked" (OB 2.0, section 4.1) leaves the rest to what was handed in.
    is_whole = "badge" in hosted or kind_of(given) != ASSERTION
    return hosted if is_whole and kind_of(hosted) == kind_of(given) else given


def _signed_case(token: str, facts: Facts) -> Case:
    unverified = decode_unverified(token)
    document = credential_of(unverified.payload)
    kind = kind_of(document)
    form: Form = "signed" if kind.version == ASSERTION.version else "jwt"
    document = unverified.payload if form == "signed" else document
    return Case(document, form, kind, facts, document, token, unverified)


def identifier_of(value: JsonValue) -> str | None:
    """The `id` of an object, or a bare URI itself."""
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None
