"""The JSON around a status bit: the entry in a credential, the credential that holds the list.

Bitstring Status List 1.0, sections 2.1 and 2.2. The bits themselves are the affair of `status_list`.
"""

from datetime import datetime

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import CREDENTIALS_V2
from badges_server.credentials.date_time import write_date_time
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Issuer, StatusPlace

# Milliseconds. A revocation is to be seen within a minute.
TIME_TO_LIVE = 60_000


def status_entry_object(place: StatusPlace, addresses: Addresses) -> JsonObject:
    """Write the BitstringStatusListEntry of a credential.

    The index is a string (a number is not, by the standard), and the id is there although optional: older Open
    Badges schemas ask for it.
    """
    url = addresses.status_list(place.list_id)
    return {
        "id": f"{url}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place.index),
        "statusListCredential": url,
    }


def plan_status_list(
    list_id: str, issuer: Issuer, encoded_list: str, valid_from: datetime, addresses: Addresses
) -> JsonObject:
    """Write the unsigned BitstringStatusListCredential. Its issuer is the credentials' own, as verifiers demand.

    `encoded_list` is what `status_list.encode` makes.
    """
    url = addresses.status_list(list_id)
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        # A bare URI: a list is read by programs, and the Profile terms would need a second context.
        "issuer": addresses.issuer_did(issuer.slug, named=issuer.named),
        "validFrom": write_date_time(valid_from),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": TIME_TO_LIVE,
            "encodedList": encoded_list,
        },
    }
