"""What a document is: by its types, and where those say nothing by its shape, so that it can be judged."""

from dataclasses import dataclass

from badges_server.credentials.json_text import JsonObject

_OPEN_BADGES_3_CONTEXTS = "https://purl.imsglobal.org/spec/ob/v3p0/"


@dataclass(frozen=True)
class Kind:
    """What a document is, by the standard's name for it.

    Attributes:
        version: of Open Badges, as far as it belongs to one.
        is_judged: false for what we can name but do not verify.
    """

    name: str
    version: str | None
    is_judged: bool = True


OPEN_BADGE = Kind("OpenBadgeCredential", "3.0")
ENDORSEMENT = Kind("EndorsementCredential", "3.0")
STATUS_LIST = Kind("BitstringStatusListCredential", "3.0")
ASSERTION = Kind("Assertion", "2.0")
BADGE_CLASS = Kind("BadgeClass", "2.0")
ISSUER_2 = Kind("Issuer", "2.0")
PROFILE_2 = Kind("Profile", "2.0")
ENDORSEMENT_2 = Kind("Endorsement", "2.0")
REVOCATION_LIST = Kind("RevocationList", "2.0")
CRYPTOGRAPHIC_KEY = Kind("CryptographicKey", "2.0")

# By type name, the first that fits.
_VERSION_3: dict[str, Kind] = {
    "OpenBadgeCredential": OPEN_BADGE,
    "AchievementCredential": OPEN_BADGE,
    "EndorsementCredential": ENDORSEMENT,
    "BitstringStatusListCredential": STATUS_LIST,
    "ClrCredential": Kind("ClrCredential", None, is_judged=False),
    "VerifiablePresentation": Kind("VerifiablePresentation", None, is_judged=False),
    "StatusList2021Credential": Kind("StatusList2021Credential", None, is_judged=False),
}
_VERSION_2: dict[str, Kind] = {
    kind.name: kind
    for kind in (ASSERTION, BADGE_CLASS, ISSUER_2, PROFILE_2, ENDORSEMENT_2, REVOCATION_LIST, CRYPTOGRAPHIC_KEY)
}
_DEFINITIONS: dict[str, Kind] = {
    name: Kind(name, "3.0", is_judged=False) for name in ("Achievement", "Profile", "AchievementSubject")
}
_VERSION_1 = Kind("Assertion", "1.x", is_judged=False)
_OTHER_CREDENTIAL = Kind("VerifiableCredential", None, is_judged=False)
NOTHING_KNOWN = Kind("unknown", None, is_judged=False)


def kind_of(document: JsonObject) -> Kind:
    """Tell what `document` is: by its types, and where those say nothing by its shape, so that it can be judged."""
    types = document.get("type")
    names = [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
    is_credential = "credentialSubject" in document or "VerifiableCredential" in names
    others = _DEFINITIONS if _is_in_version_3(document) else _VERSION_2 if "@context" in document else {}
    for name, kind in (_VERSION_3 if is_credential else {**_VERSION_3, **others}).items():
        if name in names:
            return kind
    return _kind_by_shape(document)


def _is_in_version_3(document: JsonObject) -> bool:
    contexts = document.get("@context")
    many = contexts if isinstance(contexts, list) else [contexts]
    return any(isinstance(context, str) and context.startswith(_OPEN_BADGES_3_CONTEXTS) for context in many)


def _kind_by_shape(document: JsonObject) -> Kind:
    subject = document.get("credentialSubject")
    if isinstance(subject, dict) and "achievement" in subject:
        return OPEN_BADGE
    if "credentialSubject" in document:
        return _OTHER_CREDENTIAL
    if "recipient" in document and "badge" in document:
        return ASSERTION if "@context" in document and isinstance(document.get("recipient"), dict) else _VERSION_1
    return NOTHING_KNOWN
