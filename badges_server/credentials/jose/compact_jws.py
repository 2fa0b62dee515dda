"""JSON Web Signatures in compact form (RFC 7515): signed through a `Signer`, verified with the key's own algorithm.

The header never chooses: RSA keys mean RS256, P-256 keys ES256, Ed25519 keys EdDSA, and nothing else is accepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from badges_server.credentials.errors import (
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    ProofVerificationError,
)
from badges_server.credentials.jose import base64url
from badges_server.credentials.json_text import MAXIMUM_BYTES, JsonObject, parse_json_object, write_json
from badges_server.credentials.public_key import PublicKey, checked_rsa
from badges_server.credentials.verification_method import Signer

_ENGINES: Final = MappingProxyType({name: jwt.PyJWS(algorithms=[name]) for name in ("RS256", "ES256", "EdDSA")})
# Extensions that change what is signed (RFC 7515, section 4.1.11; RFC 7797): neither ignored nor honoured, but refused.
_REFUSED_HEADERS: Final = ("crit", "b64")


@dataclass(frozen=True)
class UnverifiedToken:
    """What a token says before anybody has checked that it was signed."""

    header: JsonObject
    payload: JsonObject


def sign_compact(payload: JsonObject, signer: Signer, headers: Mapping[str, object] = MappingProxyType({})) -> str:
    """Sign `payload` as it is written by `write_json`; ``alg`` comes from the signer, the other `headers` after it.

    Raises:
        CryptographicSecurityError: `headers` name an algorithm, or an extension.
    """
    for name in ("alg", *_REFUSED_HEADERS):
        if name in headers:
            raise CryptographicSecurityError("this header is not the caller's to set", value=name)
    header = {"alg": signer.algorithm, **headers}
    signed = ".".join(base64url.encode(write_json(part).encode()) for part in (header, payload))
    return f"{signed}.{base64url.encode(signer.sign(signed.encode('ascii')))}"


def decode_unverified(token: str) -> UnverifiedToken:
    """Read a token's header and payload WITHOUT verifying it: to find out whose key is needed, and for nothing else.

    Raises:
        ParsingError: not three base64url parts, or not JSON objects in the first two.
    """
    parts = token.split(".") if len(token) <= 2 * MAXIMUM_BYTES else []
    if len(parts) != 3:
        raise ParsingError("a compact JWS has three parts", value=len(parts), path="token")
    header, payload = (_part(text, name) for text, name in zip(parts, ("header", "payload"), strict=False))
    return UnverifiedToken(header, payload)


def verify_compact(token: str, public_key: PublicKey) -> JsonObject:
    """Verify a token with `public_key`, by that key's one algorithm; give its payload.

    Raises:
        ParsingError: it is no compact JWS over a JSON object.
        CryptographicSecurityError: its algorithm is not the key's, it has a critical extension, or the key is weak.
        ProofVerificationError: the signature does not hold.
    """
    unverified = decode_unverified(token)
    algorithm = algorithm_of(public_key)
    if unverified.header.get("alg") != algorithm:
        raise CryptographicSecurityError(
            f"this key signs with {algorithm}", value=unverified.header.get("alg"), path="header.alg"
        )
    for name in _REFUSED_HEADERS:
        if name in unverified.header:
            raise CryptographicSecurityError("a critical extension", value=name, path=f"header.{name}")
    try:
        _ENGINES[algorithm].decode(token, public_key, algorithms=[algorithm])
    except jwt.PyJWTError as error:
        raise ProofVerificationError("the signature does not hold", path="token") from error
    return unverified.payload


def algorithm_of(public_key: PublicKey) -> str:
    """Tell the one algorithm that `public_key` verifies with.

    Raises:
        CryptographicSecurityError: there is none, or the key is too short.
    """
    if isinstance(public_key, RSAPublicKey):
        checked_rsa(public_key)
        return "RS256"
    if isinstance(public_key, Ed25519PublicKey):
        return "EdDSA"
    if isinstance(public_key, EllipticCurvePublicKey) and isinstance(public_key.curve, SECP256R1):
        return "ES256"
    raise CryptographicSecurityError("a kind of key that is not accepted", value=type(public_key).__name__)


def _part(text: str, name: str) -> JsonObject:
    try:
        return parse_json_object(base64url.decode(text))
    except (MalformedValueError, ParsingError) as error:
        raise ParsingError(f"the {name} is no JSON object in base64url: {error}", path=name) from error
