"""Open Badges 2.0: the public keys of issuers and their addresses (OB 2.0, CryptographicKey)."""

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import OPEN_BADGES_2
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Issuer


def cryptographic_key_document(issuer: Issuer, key_id: str, public_key_pem: str, addresses: Addresses) -> JsonObject:
    """Describe one public RSA key; its owner's `publicKey` leads here and `owner` leads back."""
    return {
        "@context": OPEN_BADGES_2,
        "id": key_url(issuer, key_id, addresses),
        "type": "CryptographicKey",
        "owner": addresses.ob2_issuer(issuer.slug, named=issuer.named),
        "publicKeyPem": public_key_pem,
    }


def key_url(issuer: Issuer, key_id: str, addresses: Addresses) -> str:
    """The `id` of one of `issuer`'s keys."""
    return addresses.ob2_key(key_name(issuer.slug, key_id), named=issuer.named)


def key_name(issuer_slug: str, key_id: str) -> str:
    """Last segment of a key's URL: key ids are unique within an issuer only, so the issuer stands before."""
    return f"{issuer_slug}-{key_id}"


def split_key_name(name: str) -> tuple[str, str]:
    """Read `key_name` back: the issuer's slug and the key id (one word and one number, joined by a hyphen).

    Raises:
        MalformedValueError: `name` was not made by `key_name`.
    """
    slug, *key_id = name.rsplit("-", 2)
    if len(key_id) != 2 or not (slug and key_id[0] and key_id[1].isascii() and key_id[1].isdigit()):
        raise MalformedValueError("not the name of a key", value=name)
    return slug, "-".join(key_id)
