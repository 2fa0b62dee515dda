"""The OB 3.0 EndorsementCredential: somebody stands for a profile or an achievement (OB 3.0, section B.1.6)."""

from dataclasses import dataclass
from datetime import datetime

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from badges_server.credentials.date_time import write_date_time
from badges_server.credentials.document.profile import profile_object
from badges_server.credentials.document.status_list import status_entry_object
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Issuer, StatusPlace


@dataclass(frozen=True)
class EndorsementPlan:
    """Everything an endorsement says, before it is signed.

    Attributes:
        endorsement_id: UUID; its URL is made from it.
        subject_url_or_did: what is endorsed: an achievement's URL or a profile's DID.
        name: short title, required here by the standard.
        comment: what the endorser vouches for (Markdown).
    """

    endorsement_id: str
    issuer: Issuer
    subject_url_or_did: str
    name: str
    comment: str
    valid_from: datetime
    valid_until: datetime | None
    status: StatusPlace


def plan_endorsement(plan: EndorsementPlan, addresses: Addresses) -> JsonObject:
    """Write the unsigned EndorsementCredential.

    Raises:
        MalformedValueError: it would end before it begins.
    """
    if plan.valid_until is not None and plan.valid_until < plan.valid_from:
        raise MalformedValueError("ends before it begins", value=plan.valid_until.isoformat(), path="validUntil")
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
        "id": addresses.endorsement(plan.endorsement_id),
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": plan.name,
        "issuer": profile_object(plan.issuer, addresses),
        "validFrom": write_date_time(plan.valid_from),
    }
    if plan.valid_until is not None:
        document["validUntil"] = write_date_time(plan.valid_until)
    document["credentialSubject"] = {
        "id": plan.subject_url_or_did,
        "type": ["EndorsementSubject"],
        "endorsementComment": plan.comment,
    }
    document["credentialStatus"] = status_entry_object(plan.status, addresses)
    return document
