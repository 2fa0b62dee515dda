"""Open Badges 2.0 forms of what we issue: Issuer, BadgeClass, keys and revocations (OB 2.0, sections 4 and 5).

Plain JSON that others fetch; only an assertion is ever signed. See `open_badges_2_assertion` for the assertions.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from badges_server.credentials.achievement_document import FRAMEWORKS
from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import OPEN_BADGES_2
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Achievement, Alignment, Issuer
from badges_server.credentials.open_badges_2_assertion import (
    HostedAssertion,
    SignedAssertion,
    assertion_document,
    revoked_assertion_document,
    signed_assertion,
)
from badges_server.credentials.profile_document import issuer_url
from badges_server.credentials.wording import alignment_in_words, criteria_in_words

__all__ = [
    "HostedAssertion",
    "SignedAssertion",
    "assertion_document",
    "badge_class_document",
    "cryptographic_key_document",
    "issuer_document",
    "key_name",
    "key_url",
    "revocation_list_document",
    "revoked_assertion_document",
    "signed_assertion",
    "split_key_name",
]


def issuer_document(issuer: Issuer, addresses: Addresses, key_ids: Sequence[str] = ()) -> JsonObject:
    """Describe `issuer`, the scope of its hosted assertions, and where its keys and revocations are.

    `key_ids` are those of its RS256 keys, retired ones too (`jwt-1`, …).
    """
    document: JsonObject = {
        "@context": OPEN_BADGES_2,
        "id": addresses.ob2_issuer(issuer.slug, named=issuer.named),
        "type": "Issuer",
        "name": issuer.name,
        "url": issuer_url(issuer, addresses),
        "email": issuer.email,
        "description": issuer.description,
        "verification": _scope(addresses),
        "revocationList": addresses.ob2_revocations(issuer.slug, named=issuer.named),
    }
    if key_ids:
        document["publicKey"] = [key_url(issuer, key_id, addresses) for key_id in key_ids]
    return document


def badge_class_document(achievement: Achievement, issuer: Issuer, addresses: Addresses) -> JsonObject:
    """Describe `achievement` as `issuer` awards it: in Open Badges 2.0 the class says who the issuer is."""
    page = addresses.achievement(achievement.slug, achievement.version)
    document: JsonObject = {
        "@context": OPEN_BADGES_2,
        "id": addresses.ob2_badge(issuer.slug, achievement.slug, achievement.version, named=issuer.named),
        "type": "BadgeClass",
        "@language": achievement.language,
        "version": achievement.version,
        "name": achievement.name,
        "description": achievement.description,
        "image": f"{page}.png",
        "criteria": {"type": "Criteria", "id": f"{page}#criteres", "narrative": criteria_in_words(achievement)},
        "alignment": [_alignment(alignment) for alignment in achievement.alignments],
        "tags": list(achievement.tags),
        "issuer": addresses.ob2_issuer(issuer.slug, named=issuer.named),
    }
    return {name: value for name, value in document.items() if value != []}


def revocation_list_document(issuer: Issuer, revoked_uids: Iterable[str], addresses: Addresses) -> JsonObject:
    """List the signed assertions that `issuer` took back, without the reason, which is the person's own affair.

    `revoked_uids` are their own `urn:uuid:…` ids, never the address of a page.
    """
    return {
        "@context": OPEN_BADGES_2,
        "id": addresses.ob2_revocations(issuer.slug, named=issuer.named),
        "type": "RevocationList",
        "issuer": addresses.ob2_issuer(issuer.slug, named=issuer.named),
        # Sorted, so that the order tells nothing about when each was revoked.
        "revokedAssertions": [{"id": uid} for uid in sorted(revoked_uids)],
    }


def cryptographic_key_document(issuer: Issuer, key_id: str, public_key_pem: str, addresses: Addresses) -> JsonObject:
    """Describe one public RSA key; its owner's `publicKey` leads here and `owner` leads back."""
    return {
        "@context": OPEN_BADGES_2,
        "id": key_url(issuer, key_id, addresses),
        "type": "CryptographicKey",
        "owner": addresses.ob2_issuer(issuer.slug, named=issuer.named),
        "publicKeyPem": public_key_pem,
    }


def key_url(issuer: Issuer, key_id: str, addresses: Addresses) -> str:
    """The `id` of one of `issuer`'s keys."""
    return addresses.ob2_key(key_name(issuer.slug, key_id), named=issuer.named)


def key_name(issuer_slug: str, key_id: str) -> str:
    """Last segment of a key's URL: key ids are unique within an issuer only, so the issuer stands before."""
    return f"{issuer_slug}-{key_id}"


def split_key_name(name: str) -> tuple[str, str]:
    """Read `key_name` back: the issuer's slug and the key id (one word and one number, joined by a hyphen).

    Raises:
        MalformedValueError: `name` was not made by `key_name`.
    """
    slug, *key_id = name.rsplit("-", 2)
    if len(key_id) != 2 or not (slug and key_id[0] and key_id[1].isascii() and key_id[1].isdigit()):
        raise MalformedValueError("not the name of a key", value=name)
    return slug, "-".join(key_id)


def _scope(addresses: Addresses) -> JsonObject:
    """Say where our hosted assertions live: always at the neutral origin, whatever the issuer's own host.

    `allowedOrigins` holds host names by the standard, but the reference verifier compares it with host and port.
    """
    origin = urlsplit(addresses.base_url)
    return {
        "type": "VerificationObject",
        "startsWith": addresses.ob2_assertion(""),
        "allowedOrigins": sorted({str(origin.hostname), origin.netloc}),
    }


def _alignment(alignment: Alignment) -> JsonObject:
    content: JsonObject = {
        "type": "AlignmentObject",
        "targetName": alignment.name,
        "targetUrl": alignment.url,
        "targetCode": alignment.code,
        "targetFramework": FRAMEWORKS[alignment.target_type][1],
    }
    description = alignment_in_words(alignment)
    return {**content, "targetDescription": description} if description else content
