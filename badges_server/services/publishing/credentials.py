"""One OB 3.0 credential in its forms: the signed document, VC-JWT, baked PNG and SVG."""

from badges_server.credentials import jwt_proof
from badges_server.credentials.baking import png, svg
from badges_server.credentials.data_integrity import without_proof
from badges_server.services.pictures import png_of
from badges_server.services.publishing.public_credentials import PublicCredential, picture_of, public_credential
from badges_server.services.publishing.publication import (
    COMPACT_TEXT,
    CREDENTIAL_JSON_LD,
    PNG,
    SVG,
    Freshness,
    NotPublishedError,
    PictureFormat,
    Publication,
    text_publication,
)
from badges_server.services.server import Server
from badges_server.services.signers import NoActiveKeyError, active_signer


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
    with server.database.reading() as session:
        token = public_credential(session, credential_id).row.jwt
    return text_publication(token or _sign_jwt(server, credential_id), COMPACT_TEXT, Freshness.PERSONAL)


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


def _sign_jwt(server: Server, credential_id: str) -> str:
    """Sign under the row's lock: whoever comes second finds what the first has made."""
    with server.database.transaction() as session:
        found = public_credential(session, credential_id, for_update=True)
        if found.row.jwt is None:
            try:
                signer = active_signer(server, session, found.issuer.slug, "RS256")
            except NoActiveKeyError as error:
                raise NotPublishedError("this form cannot be signed now") from error
            found.row.jwt = jwt_proof.secure(_unsecured(found), signer)
        return found.row.jwt


def _unsecured(found: PublicCredential) -> dict[str, object]:
    """The document as it was planned: a VC-JWT is made of it, never around a proof."""
    return without_proof(found.document)
