"""Issuers: profile, DID document, key set; and the endorsements that speak of them."""

from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.did import did_document, did_web
from badges_server.credentials.document import profile_document
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.model import Issuer
from badges_server.credentials.verification_method import jwk_from_public_key
from badges_server.services.endorsing import UnknownEndorsementError, endorsement, endorsements_of
from badges_server.services.keys import list_keys, public_key_of, verification_methods
from badges_server.services.profiles import UnknownIssuerError, all_issuers, did_of, issuer
from badges_server.services.publishing.publication import (
    CREDENTIAL_JSON_LD,
    JSON,
    JSON_LD,
    KEY_SET,
    Freshness,
    NotPublishedError,
    Publication,
    json_publication,
    plain_name,
    text_publication,
)
from badges_server.services.server import Server


def issuer_profile(server: Server, slug: str) -> Publication:
    """Publish the OB 3.0 Profile of an issuer, with its keys and, when it shows itself, its endorsements.

    Raises:
        NotPublishedError: there is no such issuer.
    """
    with server.database.reading() as session:
        of = public_issuer(session, slug)
        methods = verification_methods(session, slug, server.addresses)
        endorsements = _endorsements(session, of)
    document = profile_document(of, server.addresses, methods=methods, endorsements=endorsements)
    return json_publication(document, JSON_LD, Freshness.DEFINITION)


def issuer_did(server: Server, slug: str) -> Publication:
    """Publish the DID document of an issuer (did:web, section 2).

    Raises:
        NotPublishedError: there is no such issuer.
    """
    with server.database.reading() as session:
        of = public_issuer(session, slug)
        methods = verification_methods(session, slug, server.addresses)
    return json_publication(did_document(did_of(server.addresses, of), methods), JSON, Freshness.KEYS)


def host_did(server: Server, host: str) -> Publication:
    """Publish the DID document of the host itself, which signs nothing and has no keys."""
    origin = _origin(server.addresses, host)
    return json_publication(did_document(did_web(origin), []), JSON, Freshness.KEYS)


def host_key_set(server: Server, host: str) -> Publication:
    """Publish the RS256 keys of the issuers that live on `host` (OB 3.0 implementation guide: JWKS of the authority).

    Issuers of the other origin stay out, so that a neutral host names nobody.
    """
    origin = _origin(server.addresses, host)
    with server.database.reading() as session:
        issuers = [one for one in all_issuers(session) if _lives_on(server.addresses, one, origin)]
        keys = [key for one in issuers for key in _keys(server.addresses, session, one)]
    return json_publication({"keys": keys}, KEY_SET, Freshness.KEYS)


def endorsement_json(server: Server, endorsement_id: str) -> Publication:
    """Publish a signed endorsement; one that was revoked too, since its status list says so.

    Raises:
        NotPublishedError: there is none.
    """
    with server.database.reading() as session:
        try:
            found = endorsement(session, plain_name(endorsement_id))
        except UnknownEndorsementError as error:
            raise NotPublishedError("no such endorsement") from error
    return text_publication(found.document, CREDENTIAL_JSON_LD, Freshness.DEFINITION)


def public_issuer(session: Session, slug: str) -> Issuer:
    """Look up an issuer.

    Raises:
        NotPublishedError: there is none.
    """
    try:
        return issuer(session, plain_name(slug))
    except UnknownIssuerError as error:
        raise NotPublishedError("no such issuer") from error


def _endorsements(session: Session, of: Issuer) -> list[JsonObject]:
    """Give the latest endorsement of each time of membership. The neutral profile is a root: it shows none."""
    if not of.named:
        return []
    latest: dict[object, str] = {}
    for one in endorsements_of(session, "profile", of.slug):
        latest.setdefault(one.valid_from, one.document)
    return [parse_json_object(text) for text in latest.values()]


def _keys(addresses: Addresses, session: Session, of: Issuer) -> list[JsonObject]:
    did = did_of(addresses, of)
    return [
        {**jwk_from_public_key(public_key_of(key)), "kid": f"{did}#{key.id}", "alg": "RS256", "use": "sig"}
        for key in list_keys(session, of.slug)
        if key.algorithm == "RS256" and key.is_public
    ]


def _origin(addresses: Addresses, host: str) -> str:
    """Which of our two origins a request came to; an unknown host gets the neutral one."""
    is_network = host.lower() == urlsplit(addresses.network_base_url).netloc.lower()
    return addresses.network_base_url if is_network else addresses.base_url


def _lives_on(addresses: Addresses, of: Issuer, origin: str) -> bool:
    return urlsplit(addresses.issuer_page(of.slug, named=of.named)).netloc == urlsplit(origin).netloc
