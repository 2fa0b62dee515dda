"""Open Badges 2.0 forms of what we issue (OB 2.0, sections 4 and 5).

Plain JSON that others fetch; only an assertion is ever signed.
"""

from badges_server.credentials.open_badges_2.assertion import (
    HostedAssertion,
    SignedAssertion,
    assertion_document,
    revoked_assertion_document,
    signed_assertion,
)
from badges_server.credentials.open_badges_2.badge_class import badge_class_document
from badges_server.credentials.open_badges_2.issuer import issuer_document, revocation_list_document
from badges_server.credentials.open_badges_2.key import (
    cryptographic_key_document,
    key_name,
    key_url,
    split_key_name,
)

__all__ = [
    "HostedAssertion",
    "SignedAssertion",
    "assertion_document",
    "badge_class_document",
    "cryptographic_key_document",
    "issuer_document",
    "key_name",
    "key_url",
    "revocation_list_document",
    "revoked_assertion_document",
    "signed_assertion",
    "split_key_name",
]
