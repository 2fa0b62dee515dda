"""Enveloping proofs: VC-JWT as Open Badges 3.0 profiles it (section 8.2), and the plain JWS of OB 2.0.

The credential is the payload itself, the registered claims beside its own members; VC Data Model 1.1 put it in ``vc``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from badges_server.credentials.contexts import CREDENTIALS_V1
from badges_server.credentials.errors import CryptographicSecurityError, MalformedValueError
from badges_server.credentials.jose import compact_jws
from badges_server.credentials.jose.compact_jws import UnverifiedToken, decode_unverified, sign_compact, verify_compact
from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.verification_method import PublicKey, Signer, public_key_from_jwk

__all__ = [
    "ClaimMismatch",
    "UnverifiedToken",
    "check_claims",
    "check_header",
    "claims_of",
    "credential_of",
    "decode_unverified",
    "secure",
    "sign_compact",
    "verify",
    "verify_compact",
]

_ALLOWED_HEADERS: Final = frozenset({"alg", "kid", "jwk", "typ"})
# OB 3.0 says JWT; VC-JOSE-COSE says vc+jwt, and issuers send it.
_ALLOWED_TYPES: Final = (None, "JWT", "vc+jwt")
_REGISTERED_CLAIMS: Final = ("iss", "jti", "nbf", "sub", "exp", "iat", "aud")
_REQUIRED_CLAIMS: Final = ("iss", "jti", "nbf")
# What begins and ends a credential's validity, in either version of the VC Data Model.
_STARTS: Final = ("validFrom", "issuanceDate")
_ENDS: Final = ("validUntil", "expirationDate")


@dataclass(frozen=True)
class ClaimMismatch:
    """A registered claim that does not say what the credential says; None stands for an absent one."""

    claim: str
    expected: object
    found: object


def claims_of(document: JsonObject) -> JsonObject:
    """Give the payload for `document`: it, with ``iss``, ``jti``, ``nbf``, ``sub`` and, if it ends, ``exp``.

    Raises:
        MalformedValueError: it has a proof, or lacks what a claim repeats (a subject without id cannot have a VC-JWT).
    """
    if "proof" in document:
        raise MalformedValueError("the payload of a VC-JWT is the document without any proof", path="$.proof")
    claims = _expected_claims(document)
    for claim, value in claims.items():
        if value is None and claim != "exp":
            raise MalformedValueError("the credential lacks what this claim repeats", value=claim)
    return {**document, **{claim: value for claim, value in claims.items() if value is not None}}


def secure(document: JsonObject, signer: Signer) -> str:
    """Sign `document` as a VC-JWT whose ``kid`` is the signer's DID URL (OB 3.0, section 8.2.3).

    Raises:
        MalformedValueError: see `claims_of`.
    """
    headers = {"kid": signer.verification_method, "typ": "JWT"}
    return compact_jws.sign_compact(claims_of(document), signer, headers)


def check_header(header: JsonObject) -> None:
    """Refuse a VC-JWT header that says more than OB 3.0 allows, or does not say whose key it is.

    Raises:
        MalformedValueError: another member, a wrong type, or neither ``kid`` nor ``jwk``.
        CryptographicSecurityError: ``jwk`` is not an acceptable public key.
    """
    if extra := sorted(header.keys() - _ALLOWED_HEADERS):
        raise MalformedValueError("a header that is not allowed", value=extra[0], path=f"header.{extra[0]}")
    if header.get("typ") not in _ALLOWED_TYPES:
        raise MalformedValueError("typ is JWT", value=header["typ"], path="header.typ")
    if not isinstance(header.get("kid", ""), str):
        raise MalformedValueError("kid is a string", path="header.kid")
    if "kid" not in header and "jwk" not in header:
        raise MalformedValueError("neither kid nor jwk: nothing says whose key it is", path="header")
    if "jwk" in header:
        public_key_from_jwk(header["jwk"])


def verify(token: str, public_key: PublicKey) -> JsonObject:
    """Verify a VC-JWT with `public_key` (OB 3.0, section 8.2.4, steps 1 to 4); give its payload.

    Whether the claims agree is `check_claims`' affair; whose key it is, the caller's.

    Raises:
        ParsingError: it is no compact JWS over a JSON object.
        MalformedValueError: see `check_header`.
        CryptographicSecurityError: an algorithm or key that may not be used, or a ``jwk`` that is not `public_key`.
        ProofVerificationError: the signature does not hold.
    """
    header = decode_unverified(token).header
    check_header(header)
    if "jwk" in header and public_key_from_jwk(header["jwk"]) != public_key:
        raise CryptographicSecurityError("the header's jwk is another key", path="header.jwk")
    return compact_jws.verify_compact(token, public_key)


def credential_of(payload: JsonObject) -> JsonObject:
    """Give the credential that a VC-JWT's payload carries: ``vc``, or the payload without its registered claims."""
    credential = payload.get("vc")
    if isinstance(credential, dict):
        return credential
    return {key: value for key, value in payload.items() if key not in _REGISTERED_CLAIMS}


def check_claims(payload: JsonObject) -> list[ClaimMismatch]:
    """List the claims that do not repeat the credential as they must (OB 3.0, section 8.2.4, steps 5 and 6).

    Moments are compared at whole seconds. A ``vc`` claim belongs to VC Data Model 1.1, and only to it.
    """
    credential = credential_of(payload)
    mismatches = [
        ClaimMismatch(claim, expected, payload.get(claim))
        for claim, expected in _expected_claims(credential).items()
        if not _is_same(expected, payload.get(claim)) or (claim in _REQUIRED_CLAIMS and claim not in payload)
    ]
    contexts = credential.get("@context")
    is_version_1 = isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]
    if is_version_1 != ("vc" in payload):
        mismatches.append(ClaimMismatch("vc", is_version_1, "vc" in payload))
    return mismatches


def _expected_claims(credential: JsonObject) -> JsonObject:
    return {
        "iss": _identifier(credential.get("issuer")),
        "jti": _identifier(credential),
        "nbf": _numeric_date(credential, _STARTS),
        "sub": _identifier(credential.get("credentialSubject")),
        "exp": _numeric_date(credential, _ENDS),
    }


def _is_same(expected: JsonValue, found: JsonValue) -> bool:
    if isinstance(found, float):
        return found.is_integer() and int(found) == expected
    return type(found) is type(expected) and bool(found == expected)


def _identifier(value: JsonValue) -> str | None:
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None


def _numeric_date(credential: JsonObject, names: tuple[str, ...]) -> int | None:
    texts = [credential[name] for name in names if isinstance(credential.get(name), str)]
    if not texts:
        return None
    try:
        moment = datetime.fromisoformat(texts[0])
    except ValueError:
        return None
    return None if moment.tzinfo is None else int(moment.timestamp() // 1)
