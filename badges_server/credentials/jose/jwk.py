"""Public keys as JSON Web Keys (RFC 7517): RSA and P-256 (RFC 7518, section 6), Ed25519 (RFC 8037)."""

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from badges_server.credentials.errors import CryptographicSecurityError, MalformedValueError
from badges_server.credentials.jose import base64url
from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.public_key import PublicKey, checked_rsa

_PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_P256_BYTES: Final = 32


def jwk_from_public_key(key: PublicKey) -> JsonObject:
    """Write a public key as a JWK, without ``alg``, ``use`` or ``kid``.

    Raises:
        CryptographicSecurityError: a curve that is not used here.
    """
    if isinstance(key, RSAPublicKey):
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": _unsigned(numbers.n), "e": _unsigned(numbers.e)}
    if isinstance(key, Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(key.public_bytes_raw())}
    if not isinstance(key.curve, SECP256R1):
        raise CryptographicSecurityError("a curve that is not used here", value=key.curve.name)
    point = key.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _unsigned(point.x, _P256_BYTES), "y": _unsigned(point.y, _P256_BYTES)}


def public_key_from_jwk(jwk: JsonValue) -> PublicKey:
    """Read a public key from a JWK.

    Raises:
        MalformedValueError: not a JWK, or numbers that make no key.
        CryptographicSecurityError: a private or symmetric key, a kind or length that is not accepted, or one kept for
            another use.
    """
    if not isinstance(jwk, dict):
        raise MalformedValueError("a JWK is a JSON object", value=type(jwk).__name__)
    if leaked := _PRIVATE_MEMBERS & jwk.keys():
        raise CryptographicSecurityError("a JWK that holds a private or symmetric key", value=min(leaked))
    if jwk.get("use", "sig") != "sig":
        raise CryptographicSecurityError("a JWK that is not for signatures", value=jwk["use"])
    kind = (jwk.get("kty"), jwk.get("crv"))
    reader = _READERS.get(kind) if all(isinstance(part, str | None) for part in kind) else None
    if reader is None:
        raise CryptographicSecurityError("a kind of JWK that is not accepted", value=kind)
    try:
        return reader(jwk)
    except ValueError as error:
        raise MalformedValueError("a JWK without a valid key") from error


def _rsa(jwk: JsonObject) -> RSAPublicKey:
    return checked_rsa(RSAPublicNumbers(e=_number(jwk, "e"), n=_number(jwk, "n")).public_key())


def _ed25519(jwk: JsonObject) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_bytes(jwk, "x"))


def _p256(jwk: JsonObject) -> EllipticCurvePublicKey:
    return EllipticCurvePublicNumbers(_number(jwk, "x"), _number(jwk, "y"), SECP256R1()).public_key()


_READERS: Final[dict[tuple[JsonValue, JsonValue], Callable[[JsonObject], PublicKey]]] = {
    ("RSA", None): _rsa,
    ("OKP", "Ed25519"): _ed25519,
    ("EC", "P-256"): _p256,
}


def _bytes(jwk: JsonObject, member: str) -> bytes:
    text = jwk.get(member)
    if not isinstance(text, str):
        raise MalformedValueError("a JWK without one of its members", value=member)
    return base64url.decode(text)


def _number(jwk: JsonObject, member: str) -> int:
    return int.from_bytes(_bytes(jwk, member))


def _unsigned(number: int, length: int | None = None) -> str:
    return base64url.encode(number.to_bytes(length or (number.bit_length() + 7) // 8))
