"""VC-JWT and compact JWS: the key decides the algorithm, the header may say little, the claims must agree."""

import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges_server.credentials import jwt_proof
from badges_server.credentials.contexts import CREDENTIALS_V1
from badges_server.credentials.errors import (
    BadgeError,
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    ProofVerificationError,
)
from badges_server.credentials.jose import base64url
from badges_server.credentials.json_text import JsonObject, write_json
from badges_server.credentials.verification_method import jwk_from_public_key, pem_from_public_key
from tests.credentials.conftest import ISSUER, KeySigner

P256 = ec.generate_private_key(ec.SECP256R1())


def encode(part: object) -> str:
    return base64url.encode(write_json(part).encode())


def token_with(signer: KeySigner, header: JsonObject, payload: object) -> str:
    signed = f"{encode(header)}.{encode(payload)}"
    return f"{signed}.{base64url.encode(signer.sign(signed.encode()))}"


@pytest.fixture
def token(open_badge: JsonObject, rsa_signer: KeySigner) -> str:
    return jwt_proof.secure(open_badge, rsa_signer)


@pytest.fixture
def claims(open_badge: JsonObject) -> JsonObject:
    return jwt_proof.claims_of(open_badge)


def test_what_is_secured_verifies(token: str, open_badge: JsonObject, rsa_signer: KeySigner) -> None:
    header = {"alg": "RS256", "kid": f"{ISSUER}#jwt-1", "typ": "JWT"}
    assert jwt_proof.decode_unverified(token).header == header
    payload = jwt_proof.verify(token, rsa_signer.public_key)
    assert payload == jwt_proof.decode_unverified(token).payload
    assert jwt_proof.credential_of(payload) == open_badge
    assert jwt_proof.check_claims(payload) == []
    assert {claim: payload[claim] for claim in ("iss", "jti", "nbf", "sub", "exp")} == {
        "iss": ISSUER,
        "jti": open_badge["id"],
        "nbf": 1772355600,
        "sub": open_badge["credentialSubject"]["id"],
        "exp": 1867050000,
    }


def test_another_library_reads_it(token: str, rsa_signer: KeySigner, open_badge: JsonObject) -> None:
    pem = pem_from_public_key(rsa_signer.public_key)
    decoded = jwt.decode(token, pem, algorithms=["RS256"], options={"verify_nbf": False, "verify_exp": False})
    assert decoded["name"] == open_badge["name"]


def test_an_ed25519_signer_makes_eddsa(open_badge: JsonObject, ed25519_signer: KeySigner) -> None:
    token = jwt_proof.secure(open_badge, ed25519_signer)
    assert jwt_proof.decode_unverified(token).header["alg"] == "EdDSA"
    assert jwt_proof.verify(token, ed25519_signer.public_key)["id"] == open_badge["id"]


def test_es256_of_others_verifies(claims: JsonObject) -> None:
    token = jwt.encode(claims, P256, algorithm="ES256", headers={"kid": "https://example.org/keys#1"})
    assert jwt_proof.verify(token, P256.public_key()) == claims


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "RS512", "PS256", "ES256", "EdDSA", ["RS256"]])
def test_the_header_does_not_choose_the_algorithm(algorithm: object, claims: JsonObject, rsa_signer: KeySigner) -> None:
    header = {"alg": algorithm, "kid": "https://example.org/keys#1"}
    for token in (token_with(rsa_signer, header, claims), f"{encode(header)}.{encode(claims)}."):
        with pytest.raises(CryptographicSecurityError, match="signs with RS256") as refusal:
            jwt_proof.verify(token, rsa_signer.public_key)
        assert (refusal.value.path, refusal.value.value) == ("header.alg", algorithm)


def test_an_rsa_public_key_is_no_hmac_secret(claims: JsonObject, rsa_signer: KeySigner) -> None:
    signed = f"{encode({'alg': 'HS256', 'kid': 'https://example.org/keys#1'})}.{encode(claims)}"
    secret = pem_from_public_key(rsa_signer.public_key).encode()
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    with pytest.raises(CryptographicSecurityError, match="signs with RS256"):
        jwt_proof.verify(f"{signed}.{base64url.encode(signature)}", rsa_signer.public_key)


def test_a_token_does_not_verify_with_a_key_of_another_kind(token: str, ed25519_signer: KeySigner) -> None:
    for key, name in ((ed25519_signer.public_key, "EdDSA"), (P256.public_key(), "ES256")):
        with pytest.raises(CryptographicSecurityError, match=f"signs with {name}"):
            jwt_proof.verify(token, key)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(ProofVerificationError, match="does not hold"):
        jwt_proof.verify(token, other.public_key())


def test_weak_and_foreign_keys_are_refused(claims: JsonObject) -> None:
    weak = KeySigner(rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505  (breakable: the point)
    token = jwt_proof.sign_compact(claims, weak, {"kid": "https://example.org/keys#1"})
    with pytest.raises(CryptographicSecurityError, match="2048 to 8192 bits"):
        jwt_proof.verify(token, weak.public_key)
    with pytest.raises(CryptographicSecurityError, match="not accepted"):
        jwt_proof.verify(token, ec.generate_private_key(ec.SECP384R1()).public_key())


@pytest.mark.parametrize(
    ("header", "path", "message"),
    [
        ({"kid": None}, "header.kid", "kid is a string"),
        ({"kid": ["a"]}, "header.kid", "kid is a string"),
        ({"typ": "at+jwt"}, "header.typ", "typ is JWT"),
        ({"typ": "jwt"}, "header.typ", "typ is JWT"),
        ({"crit": ["exp"]}, "header.crit", "not allowed"),
        ({"b64": False, "crit": ["b64"]}, "header.b64", "not allowed"),
        ({"jku": "https://evil.example/jwks.json"}, "header.jku", "not allowed"),
        ({"x5u": "https://evil.example/cert"}, "header.x5u", "not allowed"),
        ({"x5c": ["MII"]}, "header.x5c", "not allowed"),
        ({"cty": "vc"}, "header.cty", "not allowed"),
        ({"zip": "DEF"}, "header.zip", "not allowed"),
    ],
)
def test_a_header_says_no_more_than_it_may(
    header: JsonObject, path: str, message: str, claims: JsonObject, rsa_signer: KeySigner
) -> None:
    token = token_with(rsa_signer, {"alg": "RS256", "kid": "https://example.org/keys#1", **header}, claims)
    with pytest.raises(MalformedValueError, match=message) as refusal:
        jwt_proof.verify(token, rsa_signer.public_key)
    assert refusal.value.path == path


def test_a_header_says_whose_key_it_is(claims: JsonObject, rsa_signer: KeySigner) -> None:
    with pytest.raises(MalformedValueError, match="neither kid nor jwk"):
        jwt_proof.verify(token_with(rsa_signer, {"alg": "RS256"}, claims), rsa_signer.public_key)
    own = jwk_from_public_key(rsa_signer.public_key)
    token = token_with(rsa_signer, {"alg": "RS256", "jwk": own}, claims)
    assert jwt_proof.verify(token, rsa_signer.public_key) == claims


def test_a_header_s_jwk_is_the_very_key_and_a_public_one(claims: JsonObject, rsa_signer: KeySigner) -> None:
    own = jwk_from_public_key(rsa_signer.public_key)
    other = jwk_from_public_key(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key())
    cases: list[tuple[Any, type[BadgeError], str]] = [
        (other, CryptographicSecurityError, "another key"),
        (jwk_from_public_key(P256.public_key()), CryptographicSecurityError, "another key"),
        ({**own, "d": "AQAB"}, CryptographicSecurityError, "private or symmetric"),
        ({"kty": "oct", "k": "AQAB"}, CryptographicSecurityError, "private or symmetric"),
        ({"kty": "oct"}, CryptographicSecurityError, "not accepted"),
        ("jwk", MalformedValueError, "JSON object"),
    ]
    for jwk, kind, message in cases:
        token = token_with(rsa_signer, {"alg": "RS256", "jwk": jwk}, claims)
        with pytest.raises(kind, match=message):
            jwt_proof.verify(token, rsa_signer.public_key)


def test_vc_plus_jwt_is_read_too(claims: JsonObject, rsa_signer: KeySigner) -> None:
    token = token_with(rsa_signer, {"alg": "RS256", "kid": "https://example.org/k", "typ": "vc+jwt"}, claims)
    assert jwt_proof.verify(token, rsa_signer.public_key) == claims


@pytest.mark.parametrize("part", [0, 1, 2])
def test_one_changed_bit_breaks_the_token(part: int, token: str, rsa_signer: KeySigner) -> None:
    parts = token.split(".")
    data = bytearray(base64url.decode(parts[part]))
    for position in range(0, len(data), max(1, len(data) // 40)):
        changed = bytearray(data)
        changed[position] ^= 1
        parts[part] = base64url.encode(bytes(changed))
        with pytest.raises(BadgeError):
            jwt_proof.verify(".".join(parts), rsa_signer.public_key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "..",
        f"{encode([])}.{encode({})}.",
        f"{encode({})}.{encode('x')}.",
        f"{encode({})}=.{encode({})}.",
        f"{encode({})}.{encode({})[:-1]}.",
        f" {encode({})}.{encode({})}.",
        "é.é.é",
    ],
)
def test_what_is_no_token_is_refused(text: str, rsa_signer: KeySigner) -> None:
    with pytest.raises(ParsingError):
        jwt_proof.verify(text, rsa_signer.public_key)


def test_a_header_with_two_algorithms_is_refused(rsa_signer: KeySigner) -> None:
    header = base64url.encode(b'{"alg":"RS256","kid":"https://example.org/k","alg":"none"}')
    with pytest.raises(ParsingError, match="duplicate key"):
        jwt_proof.verify(f"{header}.{encode({})}.AA", rsa_signer.public_key)


def test_the_signature_is_read_strictly(token: str, rsa_signer: KeySigner) -> None:
    for changed in (token + "=", token + ".", token[:-2], token.replace(".", " .")):
        with pytest.raises((ParsingError, ProofVerificationError)):
            jwt_proof.verify(changed, rsa_signer.public_key)


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("iss", "did:web:evil.example", ISSUER),
        ("jti", "urn:uuid:1", "https://badges.example.org/credentials/7c1f0c7e-3f6c-4a3f-8f0f-0d0b8a3e9a11"),
        ("nbf", 1772355601, 1772355600),
        ("nbf", "1772355600", 1772355600),
        ("nbf", True, 1772355600),
        ("nbf", 1772355600.5, 1772355600),
        ("sub", "urn:uuid:1", "urn:uuid:6f1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f"),
        ("exp", 1867050001, 1867050000),
    ],
)
def test_a_claim_that_disagrees_is_listed(claim: str, value: object, expected: object, claims: JsonObject) -> None:
    assert jwt_proof.check_claims({**claims, claim: value}) == [jwt_proof.ClaimMismatch(claim, expected, value)]
    del claims[claim]
    assert jwt_proof.check_claims(claims) == [jwt_proof.ClaimMismatch(claim, expected, None)]


def test_claims_that_are_allowed_to_differ(claims: JsonObject) -> None:
    assert jwt_proof.check_claims({**claims, "nbf": 1772355600.0}) == []
    assert jwt_proof.check_claims({**claims, "validFrom": "2026-03-01T10:00:00.9+01:00"}) == []
    del claims["validUntil"], claims["exp"]
    assert jwt_proof.check_claims(claims) == []
    assert jwt_proof.check_claims({**claims, "exp": 1}) == [jwt_proof.ClaimMismatch("exp", None, 1)]


def test_nothing_passes_for_want_of_anything_to_compare(claims: JsonObject) -> None:
    for member, claim in (("issuer", "iss"), ("id", "jti"), ("validFrom", "nbf")):
        bare = {key: value for key, value in claims.items() if key not in (member, claim)}
        assert jwt_proof.check_claims(bare) == [jwt_proof.ClaimMismatch(claim, None, None)]
    for broken in ("2026-03-01T09:00:00", "soon", 3):
        assert jwt_proof.check_claims({**claims, "validFrom": broken})[0].claim == "nbf"


def test_a_subject_without_id_has_no_sub(claims: JsonObject) -> None:
    subject = {key: value for key, value in claims.pop("credentialSubject").items() if key != "id"}
    found = claims.pop("sub")
    anonymous = {**claims, "credentialSubject": subject}
    assert jwt_proof.check_claims(anonymous) == []
    assert jwt_proof.check_claims({**anonymous, "sub": found}) == [jwt_proof.ClaimMismatch("sub", None, found)]


def test_version_1_1_keeps_the_credential_in_vc(rsa_signer: KeySigner) -> None:
    credential = {
        "@context": [CREDENTIALS_V1],
        "id": "urn:uuid:1",
        "issuer": ISSUER,
        "issuanceDate": "2026-03-01T09:00:00Z",
        "expirationDate": "2026-03-01T09:00:01Z",
        "credentialSubject": {"id": "urn:uuid:2"},
    }
    payload = {"iss": ISSUER, "jti": "urn:uuid:1", "nbf": 1772355600, "exp": 1772355601, "sub": "urn:uuid:2"}
    token = token_with(rsa_signer, {"alg": "RS256", "kid": "https://example.org/k"}, {**payload, "vc": credential})
    read = jwt_proof.verify(token, rsa_signer.public_key)
    assert jwt_proof.credential_of(read) == credential
    assert jwt_proof.check_claims(read) == []
    flat = jwt_proof.check_claims({**payload, **credential})
    assert flat == [jwt_proof.ClaimMismatch("vc", expected=True, found=False)]


def test_version_2_does_not(claims: JsonObject) -> None:
    wrapped = {**{claim: claims[claim] for claim in ("iss", "jti", "nbf", "sub", "exp")}, "vc": claims}
    assert jwt_proof.check_claims(wrapped) == [jwt_proof.ClaimMismatch("vc", expected=False, found=True)]


@pytest.mark.parametrize("member", ["id", "issuer", "validFrom", "credentialSubject"])
def test_a_credential_that_cannot_fill_the_claims_gets_no_token(
    member: str, open_badge: JsonObject, rsa_signer: KeySigner
) -> None:
    del open_badge[member]
    with pytest.raises(MalformedValueError, match="lacks what this claim repeats"):
        jwt_proof.secure(open_badge, rsa_signer)


def test_a_token_is_never_made_around_a_proof(open_badge: JsonObject, rsa_signer: KeySigner) -> None:
    with pytest.raises(MalformedValueError, match="without any proof"):
        jwt_proof.secure({**open_badge, "proof": []}, rsa_signer)


def test_open_badges_2_is_signed_as_it_stands(rsa_signer: KeySigner, ed25519_signer: KeySigner) -> None:
    assertion = {"@context": "https://w3id.org/openbadges/v2", "id": "urn:uuid:1", "type": "Assertion", "é": "à"}
    token = jwt_proof.sign_compact(assertion, rsa_signer)
    assert base64url.decode(token.split(".")[1]).decode() == write_json(assertion)
    assert json.loads(base64url.decode(token.split(".")[0])) == {"alg": "RS256"}
    assert jwt_proof.verify_compact(token, rsa_signer.public_key) == assertion
    with pytest.raises(CryptographicSecurityError):
        jwt_proof.verify_compact(token, ed25519_signer.public_key)


@pytest.mark.parametrize("name", ["crit", "b64"])
def test_extensions_are_neither_made_nor_read(name: str, rsa_signer: KeySigner) -> None:
    with pytest.raises(CryptographicSecurityError, match="not the caller's"):
        jwt_proof.sign_compact({}, rsa_signer, {name: ["x"]})
    with pytest.raises(CryptographicSecurityError, match="critical extension"):
        jwt_proof.verify_compact(token_with(rsa_signer, {"alg": "RS256", name: []}, {}), rsa_signer.public_key)
    with pytest.raises(CryptographicSecurityError, match="not the caller's"):
        jwt_proof.sign_compact({}, rsa_signer, {"alg": "none"})


def test_a_token_of_two_megabytes_is_not_read(rsa_signer: KeySigner) -> None:
    with pytest.raises(ParsingError, match="three parts"):
        jwt_proof.verify("a" * 3_000_000 + ".b.c", rsa_signer.public_key)


def test_ed25519_keys_of_others(claims: JsonObject) -> None:
    key = Ed25519PrivateKey.generate()
    token = jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": "did:key:z6Mk"})
    assert jwt_proof.verify(token, key.public_key()) == claims
