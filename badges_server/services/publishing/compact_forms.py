"""Compact forms (VC-JWT, OB 2.0 JWS) are signed at the first request and kept: RSA, one signature for all readers."""

from collections.abc import Callable
from typing import Literal

from sqlalchemy.orm import Session

from badges_server.credentials.verification_method import Signer
from badges_server.services.publishing.public_credentials import PublicCredential, public_credential
from badges_server.services.publishing.publication import (
    COMPACT_TEXT,
    Freshness,
    NotPublishedError,
    Publication,
    text_publication,
)
from badges_server.services.server import Server
from badges_server.services.signers import NoActiveKeyError, active_signer

Column = Literal["jwt", "ob2_jws"]
Sign = Callable[[Server, Session, PublicCredential, Signer], str]


def compact_form(server: Server, credential_id: str, column: Column, sign: Sign) -> Publication:
    """Publish the form kept in `column`; `sign` makes it the first time.

    Raises:
        NotPublishedError: there is nothing for the public, or the issuer has no key to sign it with.
    """
    with server.database.reading() as session:
        text: str | None = getattr(public_credential(session, credential_id).row, column)
    text = text or _signed(server, credential_id, column, sign)
    return text_publication(text, COMPACT_TEXT, Freshness.PERSONAL)


def _signed(server: Server, credential_id: str, column: Column, sign: Sign) -> str:
    """Sign under the row's lock: whoever comes second finds what the first has made."""
    with server.database.transaction() as session:
        found = public_credential(session, credential_id, for_update=True)
        kept: str | None = getattr(found.row, column)
        if kept is not None:
            return kept
        try:
            signer = active_signer(server, session, found.issuer.slug, "RS256")
        except NoActiveKeyError as error:
            raise NotPublishedError("this form cannot be signed now") from error
        made = sign(server, session, found, signer)
        setattr(found.row, column, made)
        return made
