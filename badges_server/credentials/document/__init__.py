"""Our own Open Badges 3.0 documents, unsigned: what is planned here is stored, then signed as it stands.

No document carries a name or the text of an observation: the subject is a random URN, and evidence is told in counts
and kinds. There is no `credentialSchema`: its type name is only defined by 1EdTech's extensions context, which would
have to be listed too, and a reader without that context, or without the network, would refuse the badge; the standard
makes it optional and the type alone already says which schema applies.
"""

from badges_server.credentials.document.achievement import achievement_document
from badges_server.credentials.document.credential import (
    CredentialPlan,
    expiry_of,
    plan_credential,
    resigned,
    subject_urn,
)
from badges_server.credentials.document.endorsement import EndorsementPlan, plan_endorsement
from badges_server.credentials.document.profile import profile_document
from badges_server.credentials.document.status_list import plan_status_list

__all__ = [
    "CredentialPlan",
    "EndorsementPlan",
    "achievement_document",
    "expiry_of",
    "plan_credential",
    "plan_endorsement",
    "plan_status_list",
    "profile_document",
    "resigned",
    "subject_urn",
]
