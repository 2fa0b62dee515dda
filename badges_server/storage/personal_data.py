"""Personal columns: sealed under the person's own key, so that deleting the key erases them everywhere."""

import hashlib
import hmac
import json
import unicodedata
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from badges_server.credentials.entropy import Entropy
from badges_server.credentials.errors import BadgeError

# Version 1: AES-256-GCM, 12-byte nonce, 16-byte tag at the end.
_VERSION = b"\x01"
_NONCE = 12
_TAG = 16


class PersonalDataError(BadgeError):
    """A sealed value cannot be opened: another key, another place, or damaged bytes. Never says what it may hold."""

    code: ClassVar[str] = "PERSONAL_DATA_ERROR"


def encrypt(key: bytes, text: str, entropy: Entropy, *, place: str = "") -> bytes:
    """Seal `text` under a person's `key` (32 bytes).

    Args:
        key: from `PersonKeyStore`.
        text: any text, the empty one too.
        entropy: for the nonce.
        place: where it will stand (person and column); it must be named again to open it. Not secret.
    """
    return seal(key, text.encode(), entropy, place.encode())


def decrypt(key: bytes, data: bytes, *, place: str = "") -> str:
    """Open what `encrypt` sealed.

    Raises:
        PersonalDataError: the key, the place or the bytes are not those of `encrypt`.
    """
    return unseal(key, data, place.encode()).decode()


def seal(key: bytes, content: bytes, entropy: Entropy, associated: bytes) -> bytes:
    """Encrypt and authenticate `content`, bound to `associated`: version byte, nonce, ciphertext with its tag."""
    nonce = entropy.random_bytes(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, content, _VERSION + associated)


def unseal(key: bytes, data: bytes, associated: bytes) -> bytes:
    """Open what `seal` made.

    Raises:
        PersonalDataError: not made by `seal` with this key and `associated`.
    """
    if data[:1] != _VERSION or len(data) < len(_VERSION) + _NONCE + _TAG:
        raise PersonalDataError("not sealed by this program, or cut short", value=len(data))
    nonce, sealed = data[1 : 1 + _NONCE], data[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _VERSION + associated)
    except InvalidTag as error:
        raise PersonalDataError("cannot be opened: another key or place, or changed bytes") from error


def reference_digest(secret_key: bytes, organisation: str, reference: str) -> str:
    """Digest by which an organisation's own `reference` finds its person again (HMAC-SHA-256, hex).

    Without the deployment's key nobody can try references out. The same reference in two organisations gives two
    digests: one person in two organisations is two records. Spaces around it and Unicode forms do not count.
    """
    plain = unicodedata.normalize("NFC", reference).strip()
    message = json.dumps(["recipient reference", organisation, plain]).encode()
    return hmac.new(secret_key, message, hashlib.sha256).hexdigest()
