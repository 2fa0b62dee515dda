"""One OB 3.0 credential in its forms: the signed document, VC-JWT, baked PNG and SVG."""

from sqlalchemy.orm import Session

from badges_server.credentials import jwt_proof
from badges_server.credentials.baking import png, svg
from badges_server.credentials.data_integrity import without_proof
from badges_server.credentials.verification_method import Signer
from badges_server.services.pictures import png_of
from badges_server.services.publishing.compact_forms import compact_form
from badges_server.services.publishing.public_credentials import PublicCredential, picture_of, public_credential
from badges_server.services.publishing.publication import (
    CREDENTIAL_JSON_LD,
    PNG,
    SVG,
    Freshness,
    PictureFormat,
    Publication,
    text_publication,
)
from badges_server.services.server import Server


def credential_json(server: Server, credential_id: str) -> Publication:
    """Publish the document with its embedded proof: the very bytes that were signed.

    Raises:
        NotPublishedError: there is nothing for the public.
    """
    with server.database.reading() as session:
        found = public_credential(session, credential_id)
    return text_publication(found.text, CREDENTIAL_JSON_LD, Freshness.PERSONAL)


def credential_jwt(server: Server, credential_id: str) -> Publication:
    """Publish the same credential as VC-JWT (OB 3.0, section 8.2), signed at the first request and kept.

    Raises:
        NotPublishedError: there is nothing for the public, or the issuer has no key to sign it with.
    """
    return compact_form(server, credential_id, "jwt", _vc_jwt)


def credential_picture(server: Server, credential_id: str, form: PictureFormat) -> Publication:
    """Publish the badge's picture with the credential baked into it (OB 3.0, section 5.3).

    Raises:
        NotPublishedError: there is nothing for the public.
    """
    with server.database.reading() as session:
        found = public_credential(session, credential_id)
        drawing = picture_of(session, found)
    name = f"badge-{found.award.achievement_slug}.{form}"
    if form == "png":
        return Publication(png.bake(png_of(drawing), found.text, png.KEYWORD_3), PNG, Freshness.PERSONAL, name)
    return text_publication(svg.bake(drawing, found.text, "3.0"), SVG, Freshness.PERSONAL, name)


def _vc_jwt(_server: Server, _session: Session, found: PublicCredential, signer: Signer) -> str:
    """Sign the document as it was planned: a VC-JWT is made of it, never around a proof."""
    return jwt_proof.secure(without_proof(found.document), signer)
