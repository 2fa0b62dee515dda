"""The OB 2.0 forms of what we issue: hosted and signed assertions, badge classes, issuers, keys, revocations."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges_server.credentials import open_badges_2 as documents
from badges_server.credentials.baking import png, svg
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import write_json
from badges_server.credentials.jwt_proof import sign_compact
from badges_server.credentials.open_badges_2 import HostedAssertion, SignedAssertion
from badges_server.credentials.verification_method import Signer, pem_from_public_key
from badges_server.services.keys import KeyRecord, list_keys, public_key_of
from badges_server.services.pictures import png_of
from badges_server.services.publishing.achievements import public_achievement
from badges_server.services.publishing.compact_forms import compact_form
from badges_server.services.publishing.issuers import public_issuer
from badges_server.services.publishing.public_credentials import (
    PublicCredential,
    achievement_of,
    picture_of,
    public_credential,
)
from badges_server.services.publishing.publication import (
    JSON_LD,
    PNG,
    SVG,
    Freshness,
    NotPublishedError,
    PictureFormat,
    Publication,
    json_publication,
    text_publication,
)
from badges_server.services.server import Server
from badges_server.storage.tables import CredentialRow, ObservationRow

_COMPONENT = "ext:Achievement"


def assertion_json(server: Server, credential_id: str) -> Publication:
    """Publish the hosted Assertion; once revoked, it says that and nothing else, with 410 Gone.

    Raises:
        NotPublishedError: there is nothing for the public.
    """
    with server.database.reading() as session:
        found = public_credential(session, credential_id)
        if found.is_revoked:
            url = server.addresses.ob2_assertion(credential_id)
            text = write_json(documents.revoked_assertion_document(url))
            return Publication(text.encode(), JSON_LD, Freshness.PERSONAL, is_gone=True)
        content = _content(session, found)
    return json_publication(documents.assertion_document(content, server.addresses), JSON_LD, Freshness.PERSONAL)


def assertion_jws(server: Server, credential_id: str) -> Publication:
    """Publish the signed Assertion (OB 2.0, section 5.2), signed at the first request and kept.

    Raises:
        NotPublishedError: there is nothing for the public, or the issuer has no key to sign it with.
    """
    return compact_form(server, credential_id, "ob2_jws", _signed)


def assertion_picture(server: Server, credential_id: str, form: PictureFormat) -> Publication:
    """Publish the badge's picture with the hosted Assertion baked into it (OB 2.0, baking).

    Raises:
        NotPublishedError: there is nothing for the public.
    """
    with server.database.reading() as session:
        found = public_credential(session, credential_id)
        text = write_json(documents.assertion_document(_content(session, found), server.addresses))
        drawing = picture_of(session, found)
    name = f"badge-{found.award.achievement_slug}.{form}"
    if form == "png":
        return Publication(png.bake(png_of(drawing), text, png.KEYWORD_2), PNG, Freshness.PERSONAL, name)
    return text_publication(svg.bake(drawing, text, "2.0"), SVG, Freshness.PERSONAL, name)


def badge_class(server: Server, issuer_slug: str, slug: str, version: str) -> Publication:
    """Publish an achievement as the BadgeClass of one issuer.

    Raises:
        NotPublishedError: there is no such issuer or version.
    """
    with server.database.reading() as session:
        of, issuer = public_achievement(session, slug, version), public_issuer(session, issuer_slug)
    document = documents.badge_class_document(of, issuer, server.addresses)
    return json_publication(document, JSON_LD, Freshness.DEFINITION)


def issuer_json(server: Server, slug: str) -> Publication:
    """Publish the OB 2.0 Profile of an issuer.

    Raises:
        NotPublishedError: there is no such issuer.
    """
    with server.database.reading() as session:
        issuer = public_issuer(session, slug)
        key_ids = [key.id for key in _public_keys(session, slug)]
    document = documents.issuer_document(issuer, server.addresses, key_ids)
    return json_publication(document, JSON_LD, Freshness.DEFINITION)


def key_json(server: Server, name: str) -> Publication:
    """Publish one CryptographicKey.

    Raises:
        NotPublishedError: there is no such key, or it was compromised.
    """
    try:
        slug, key_id = documents.split_key_name(name)
    except MalformedValueError as error:
        raise NotPublishedError("no such key") from error
    with server.database.reading() as session:
        issuer = public_issuer(session, slug)
        key = next((one for one in _public_keys(session, slug) if one.id == key_id), None)
    if key is None:
        raise NotPublishedError("no such key")
    pem = pem_from_public_key(public_key_of(key))
    return json_publication(
        documents.cryptographic_key_document(issuer, key_id, pem, server.addresses), JSON_LD, Freshness.KEYS
    )


def revocation_list(server: Server, issuer_slug: str) -> Publication:
    """Publish the list of an issuer's signed assertions that no longer count, by their own ids, without reasons.

    Raises:
        NotPublishedError: there is no such issuer.
    """
    with server.database.reading() as session:
        issuer = public_issuer(session, issuer_slug)
        query = select(CredentialRow.ob2_uid).where(
            CredentialRow.issuer_slug == issuer_slug, CredentialRow.state != "valid"
        )
        uids = session.scalars(query).all()
    document = documents.revocation_list_document(issuer, uids, server.addresses)
    return json_publication(document, JSON_LD, Freshness.STATUS)


def _signed(server: Server, session: Session, found: PublicCredential, signer: Signer) -> str:
    key_id = signer.verification_method.rpartition("#")[2]
    key_url = documents.key_url(found.issuer, key_id, server.addresses)
    assertion = SignedAssertion(_content(session, found), found.row.ob2_uid, key_url)
    return sign_compact(documents.signed_assertion(assertion, server.addresses), signer, {})


def _content(session: Session, found: PublicCredential) -> HostedAssertion:
    row, document, of = found.row, found.document, achievement_of(session, found)
    observations, observers = session.execute(
        select(func.count(), func.count(ObservationRow.observer.distinct())).where(
            ObservationRow.award_id == found.award.id
        )
    ).one()
    if of.milestone:
        alignments = document["credentialSubject"]["achievement"].get("alignment", [])
        observations = sum(one.get("targetType") == _COMPONENT for one in alignments)
    return HostedAssertion(
        credential_id=row.id,
        subject_id=document["credentialSubject"]["id"],
        achievement=of,
        level=found.level,
        issuer=found.issuer,
        observation_count=observations,
        observer_count=observers,
        awarded_on=row.awarded_at.date(),
        valid_until=row.valid_until,
        salt=row.ob2_salt,
    )


def _public_keys(session: Session, slug: str) -> list[KeyRecord]:
    return [key for key in list_keys(session, slug) if key.algorithm == "RS256" and key.is_public]
