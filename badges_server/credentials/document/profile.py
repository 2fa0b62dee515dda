"""The OB 3.0 Profile of an issuer (OB 3.0, section B.1.14). Its `id` is a did:web; its `url` is its page."""

from collections.abc import Sequence

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import OPEN_BADGES_3
from badges_server.credentials.did import did_document
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Issuer
from badges_server.credentials.verification_method import VerificationMethod


def profile_document(
    issuer: Issuer,
    addresses: Addresses,
    *,
    methods: Sequence[VerificationMethod] = (),
    endorsements: Sequence[JsonObject] = (),
) -> JsonObject:
    """Describe `issuer` as its own URL serves it, with its keys and the signed endorsements it may show.

    The neutral profile is a root: nothing in it leads to an organisation, so the caller gives it no endorsement.
    """
    document: JsonObject = {"@context": [OPEN_BADGES_3], **profile_object(issuer, addresses)}
    if methods:
        keys = did_document(document["id"], methods)
        document["@context"] += keys["@context"]
        document["verificationMethod"] = keys["verificationMethod"]
        document["assertionMethod"] = keys["assertionMethod"]
    if endorsements:
        document["endorsement"] = list(endorsements)
    return document


def profile_object(issuer: Issuer, addresses: Addresses) -> JsonObject:
    """Describe `issuer` as credentials and achievements embed it.

    Whole, not as a bare URI: displayers show the issuer's name, and some never resolve it.
    """
    return {
        "id": addresses.issuer_did(issuer.slug, named=issuer.named),
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer_url(issuer, addresses),
        "description": issuer.description,
        "email": issuer.email,
    }


def issuer_url(issuer: Issuer, addresses: Addresses) -> str:
    """The page that says who `issuer` is. A neutral one never points away from us: we answer for what is there."""
    if issuer.named and issuer.url:
        return issuer.url
    return addresses.issuer_page(issuer.slug, named=issuer.named)
