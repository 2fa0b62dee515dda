"""Open Badges 2.0: who issues, where its assertions live, what it took back (OB 2.0, Profile and RevocationList)."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import OPEN_BADGES_2
from badges_server.credentials.document.profile import issuer_url
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Issuer
from badges_server.credentials.open_badges_2.key import key_url

# 1EdTech's validator finds nothing in a list of one entry: JSON-LD compaction leaves it the bare entry. So that nobody
# takes a revoked badge for a valid one, an id that no assertion has stands beside it: all zeros but for the version,
# since that validator refuses the nil UUID.
_NOBODY = "urn:uuid:00000000-0000-4000-8000-000000000000"


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
        "verification": _scope(issuer, addresses),
        "revocationList": addresses.ob2_revocations(issuer.slug, named=issuer.named),
    }
    if key_ids:
        document["publicKey"] = [key_url(issuer, key_id, addresses) for key_id in key_ids]
    return document


def revocation_list_document(issuer: Issuer, revoked_uids: Iterable[str], addresses: Addresses) -> JsonObject:
    """List the signed assertions that `issuer` took back, without the reason, which is the person's own affair.

    `revoked_uids` are their own `urn:uuid:…` ids, never the address of a page.
    """
    uids = sorted(revoked_uids)
    return {
        "@context": OPEN_BADGES_2,
        "id": addresses.ob2_revocations(issuer.slug, named=issuer.named),
        "type": "RevocationList",
        "issuer": addresses.ob2_issuer(issuer.slug, named=issuer.named),
        # Sorted, so that the order tells nothing about when each was revoked.
        "revokedAssertions": [{"id": uid} for uid in (*uids, *([_NOBODY] if len(uids) == 1 else []))],
    }


def _scope(issuer: Issuer, addresses: Addresses) -> JsonObject:
    """Say where our hosted assertions live: always at the neutral origin, whatever the issuer's own host.

    `allowedOrigins` is left out where it would only repeat the standard's default, the issuer's own host: 1EdTech's
    validator takes no value with a port, nor `localhost`. Elsewhere it holds host names by the standard, but that
    validator compares it with host and port.
    """
    scope: JsonObject = {"type": "VerificationObject", "startsWith": addresses.ob2_assertion("")}
    origin = urlsplit(addresses.base_url)
    if urlsplit(addresses.ob2_issuer(issuer.slug, named=issuer.named)).netloc != origin.netloc:
        scope["allowedOrigins"] = sorted({str(origin.hostname), origin.netloc})
    return scope
