"""Everything that a reader may fetch, as it is served: from the database, nothing decided anew.

What was signed is served byte for byte. Unknown, not accepted, withdrawn and erased are one answer: NotPublishedError.
"""

from badges_server.services.publishing import open_badges_2
from badges_server.services.publishing.achievements import achievement_json, achievement_picture
from badges_server.services.publishing.credentials import credential_json, credential_jwt, credential_picture
from badges_server.services.publishing.issuers import (
    endorsement_json,
    host_did,
    host_key_set,
    issuer_did,
    issuer_profile,
)
from badges_server.services.publishing.publication import Freshness, NotPublishedError, Publication
from badges_server.services.publishing.qr_codes import qr_code
from badges_server.services.publishing.statuses import status_list_json, status_list_jwt

__all__ = [
    "Freshness",
    "NotPublishedError",
    "Publication",
    "achievement_json",
    "achievement_picture",
    "credential_json",
    "credential_jwt",
    "credential_picture",
    "endorsement_json",
    "host_did",
    "host_key_set",
    "issuer_did",
    "issuer_profile",
    "open_badges_2",
    "qr_code",
    "status_list_json",
    "status_list_jwt",
]
