"""Public keys as text: Multikey (Controlled Identifiers 1.0, section 2.2.2) and PEM (OB 2.0's CryptographicKey).

JWK, which needs more words, is in `credentials.jose.jwk`.
"""

from typing import Final, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from badges_server.credentials import base58
from badges_server.credentials.errors import CryptographicSecurityError, MalformedValueError

PublicKey: TypeAlias = Ed25519PublicKey | RSAPublicKey | EllipticCurvePublicKey

MINIMUM_RSA_BITS: Final = 2048
# Verifying costs more with each bit, and the key is the stranger's.
MAXIMUM_RSA_BITS: Final = 8192
MAXIMUM_RSA_EXPONENT: Final = 2**32 - 1

_ED25519_PREFIX: Final = b"\xed\x01"
_P256_PREFIX: Final = b"\x80\x24"
_ED25519_BYTES: Final = 32


def multikey_from_ed25519(raw: bytes) -> str:
    """Write the 32 bytes of an Ed25519 public key as ``z6Mk…``.

    Raises:
        MalformedValueError: not 32 bytes.
    """
    if len(raw) != _ED25519_BYTES:
        raise MalformedValueError(f"an Ed25519 public key has {_ED25519_BYTES} bytes", value=len(raw))
    return "z" + base58.encode(_ED25519_PREFIX + raw)


def ed25519_from_multikey(text: str) -> Ed25519PublicKey:
    """Read an Ed25519 public key from ``z6Mk…``.

    Raises:
        MalformedValueError: not a Multikey.
        CryptographicSecurityError: a key of another kind.
    """
    key = public_key_from_multikey(text)
    if not isinstance(key, Ed25519PublicKey):
        raise CryptographicSecurityError("an Ed25519 key is expected", value=type(key).__name__)
    return key


def multikey_from_public_key(key: PublicKey) -> str:
    """Write an Ed25519 or P-256 public key as a Multikey.

    Raises:
        CryptographicSecurityError: a key that has no Multikey form here.
    """
    if isinstance(key, Ed25519PublicKey):
        return multikey_from_ed25519(key.public_bytes_raw())
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return "z" + base58.encode(_P256_PREFIX + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    raise CryptographicSecurityError("this key has no Multikey form here", value=type(key).__name__)


def public_key_from_multikey(text: str) -> Ed25519PublicKey | EllipticCurvePublicKey:
    """Read an Ed25519 or P-256 public key from a Multikey.

    Raises:
        MalformedValueError: not base58btc multibase, or not a key.
        CryptographicSecurityError: a key of another kind, or a private one.
    """
    if not text.startswith("z"):
        raise MalformedValueError("a Multikey starts with z (base58btc)", value=text[:1])
    data = base58.decode(text[1:])
    prefix, raw = data[:2], data[2:]
    try:
        if prefix == _ED25519_PREFIX:
            return Ed25519PublicKey.from_public_bytes(raw)
        if prefix == _P256_PREFIX:
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
    except ValueError as error:
        raise MalformedValueError("a Multikey without a valid key") from error
    raise CryptographicSecurityError("a Multikey of an unknown kind", value=prefix.hex())


def pem_from_public_key(key: PublicKey) -> str:
    """Write a public key as PEM (SubjectPublicKeyInfo): the ``publicKeyPem`` of OB 2.0's CryptographicKey."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def rsa_from_pem(pem: str) -> RSAPublicKey:
    """Read an RSA public key from PEM.

    Raises:
        MalformedValueError: not the PEM of a public key.
        CryptographicSecurityError: a key of another kind, or of a length that is not accepted.
    """
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise MalformedValueError("not the PEM of a public key") from error
    if not isinstance(key, RSAPublicKey):
        raise CryptographicSecurityError("an RSA key is expected", value=type(key).__name__)
    return checked_rsa(key)


def checked_rsa(key: RSAPublicKey) -> RSAPublicKey:
    """Give `key` back when its length and its exponent are accepted.

    Raises:
        CryptographicSecurityError: it is not.
    """
    if not MINIMUM_RSA_BITS <= key.key_size <= MAXIMUM_RSA_BITS:
        raise CryptographicSecurityError(
            f"an RSA key has {MINIMUM_RSA_BITS} to {MAXIMUM_RSA_BITS} bits", value=key.key_size
        )
    # A long one makes each verification cost as much as a hundred.
    if key.public_numbers().e > MAXIMUM_RSA_EXPONENT:
        raise CryptographicSecurityError(f"the exponent of an RSA key is at most {MAXIMUM_RSA_EXPONENT}")
    return key
