"""Status lists as they are served."""

from badges_server.credentials import jwt_proof
from badges_server.credentials.data_integrity import without_proof
from badges_server.credentials.json_text import parse_json_object
from badges_server.services import status_lists
from badges_server.services.publishing.publication import (
    COMPACT_CREDENTIAL,
    CREDENTIAL_JSON_LD,
    Freshness,
    NotPublishedError,
    Publication,
    plain_name,
    text_publication,
)
from badges_server.services.server import Server
from badges_server.services.signers import NoActiveKeyError, active_signer
from badges_server.services.status_lists import PublishedList, UnknownStatusListError


def status_list_json(server: Server, list_id: str) -> Publication:
    """Publish a BitstringStatusListCredential with its embedded proof, as of now.

    Raises:
        NotPublishedError: there is no such list, or nobody can sign it now.
    """
    return text_publication(_current(server, list_id).text, CREDENTIAL_JSON_LD, Freshness.STATUS)


def status_list_jwt(server: Server, list_id: str) -> Publication:
    """Publish the same list as a JWT. RS256 gives the same signature for the same text: nothing needs to be kept.

    Raises:
        NotPublishedError: there is no such list, or nobody can sign it now.
    """
    document = without_proof(parse_json_object(_current(server, list_id).text))
    with server.database.reading() as session:
        try:
            signer = active_signer(server, session, status_lists.issuer_of(session, list_id), "RS256")
        except NoActiveKeyError as error:
            raise NotPublishedError("this form cannot be signed now") from error
    return text_publication(jwt_proof.secure(document, signer), COMPACT_CREDENTIAL, Freshness.STATUS)


def _current(server: Server, list_id: str) -> PublishedList:
    try:
        return status_lists.publish(server, plain_name(list_id))
    except (UnknownStatusListError, NoActiveKeyError) as error:
        raise NotPublishedError("no such status list") from error
