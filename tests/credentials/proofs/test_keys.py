"""Public keys as text: published examples, round trips, and everything that is not a key."""

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials import base58
from badges_server.credentials.errors import BadgeError, CryptographicSecurityError, MalformedValueError
from badges_server.credentials.jose import base64url
from badges_server.credentials.verification_method import (
    PublicKey,
    VerificationMethod,
    ed25519_from_multikey,
    jwk_from_public_key,
    multikey_from_ed25519,
    multikey_from_public_key,
    pem_from_public_key,
    public_key_from_jwk,
    public_key_from_multikey,
    rsa_from_pem,
)

ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
P256 = ec.generate_private_key(ec.SECP256R1()).public_key()
P384 = ec.generate_private_key(ec.SECP384R1()).public_key()
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
WEAK_RSA = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()  # noqa: S505  (breakable: the point)


@given(st.binary(max_size=80))
def test_base58_round_trip(data: bytes) -> None:
    text = base58.encode(data)
    assert base58.decode(text) == data
    assert base58.encode(base58.decode("1" + text)) == "1" + text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        # draft-msporny-base58, test vectors.
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"", ""),
    ],
)
def test_base58_published(data: bytes, text: str) -> None:
    assert base58.encode(data) == text
    assert base58.decode(text) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "a b", "é", "1" * 1025])
def test_base58_refuses(text: str) -> None:
    with pytest.raises(MalformedValueError):
        base58.decode(text)


@given(st.binary(max_size=80))
def test_base64url_round_trip(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@pytest.mark.parametrize("text", ["YQ==", "YR", "Y", "Y Q", "Y+", "Y/", "YQ\n", "é"])
def test_base64url_has_one_text_for_each_value(text: str) -> None:
    assert base64url.decode("YQ") == b"a"
    with pytest.raises(MalformedValueError):
        base64url.decode(text)


def test_multikey_published() -> None:
    # 1EdTech's example key, and the P-256 key of W3C's Data Integrity examples.
    raw = bytes.fromhex("4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5")
    assert multikey_from_ed25519(raw) == "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
    assert ed25519_from_multikey("z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi").public_bytes_raw() == raw
    p256 = public_key_from_multikey("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP")
    assert multikey_from_public_key(p256) == "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"


@pytest.mark.parametrize("key", [ED25519, P256])
def test_multikey_round_trip(key: PublicKey) -> None:
    assert public_key_from_multikey(multikey_from_public_key(key)) == key


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", MalformedValueError),
        ("6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", MalformedValueError),
        ("uZQ", MalformedValueError),
        ("z", CryptographicSecurityError),
        ("z0", MalformedValueError),
        ("z" + base58.encode(b"\xed\x01" + bytes(31)), MalformedValueError),
        ("z" + base58.encode(b"\xed\x01" + bytes(33)), MalformedValueError),
        ("z" + base58.encode(b"\x80\x24" + b"\x02" + b"\xff" * 32), MalformedValueError),
        # A private key, and an X25519 one.
        ("z" + base58.encode(b"\x80\x26" + bytes(32)), CryptographicSecurityError),
        ("z" + base58.encode(b"\xec\x01" + bytes(32)), CryptographicSecurityError),
    ],
)
def test_what_is_no_multikey(text: str, kind: type[BadgeError]) -> None:
    with pytest.raises(kind):
        public_key_from_multikey(text)


def test_multikeys_of_another_kind() -> None:
    with pytest.raises(CryptographicSecurityError, match="Ed25519 key is expected"):
        ed25519_from_multikey(multikey_from_public_key(P256))
    with pytest.raises(MalformedValueError, match="has 32 bytes"):
        multikey_from_ed25519(bytes(31))
    for key in (RSA, P384):
        with pytest.raises(CryptographicSecurityError, match="no Multikey form"):
            multikey_from_public_key(key)


@pytest.mark.parametrize("key", [ED25519, P256, RSA])
def test_jwk_round_trip(key: PublicKey) -> None:
    jwk = jwk_from_public_key(key)
    assert public_key_from_jwk(jwk) == key
    assert public_key_from_jwk({**jwk, "kid": "1", "use": "sig", "alg": "x", "key_ops": ["verify"]}) == key


def test_jwk_published() -> None:
    # RFC 8037, appendix A.2.
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert jwk_from_public_key(public_key_from_jwk(jwk)) == jwk


OKP = jwk_from_public_key(ED25519)
EC = jwk_from_public_key(P256)
RSA_JWK = jwk_from_public_key(RSA)


@pytest.mark.parametrize(
    ("jwk", "kind", "message"),
    [
        *[({**RSA_JWK, member: "AQAB"}, CryptographicSecurityError, "private or symmetric") for member in
          ("d", "p", "q", "dp", "dq", "qi", "oth", "k")],
        ({**OKP, "d": "AQAB"}, CryptographicSecurityError, "private or symmetric"),
        ({**RSA_JWK, "use": "enc"}, CryptographicSecurityError, "not for signatures"),
        ({**RSA_JWK, "kty": "EC"}, CryptographicSecurityError, "not accepted"),
        ({**OKP, "kty": "EC"}, CryptographicSecurityError, "not accepted"),
        ({**EC, "crv": "P-384"}, CryptographicSecurityError, "not accepted"),
        ({**EC, "crv": ["P-256"]}, CryptographicSecurityError, "not accepted"),
        ({**OKP, "crv": "X25519"}, CryptographicSecurityError, "not accepted"),
        ({"kty": "oct"}, CryptographicSecurityError, "not accepted"),
        ({}, CryptographicSecurityError, "not accepted"),
        (jwk_from_public_key(WEAK_RSA), CryptographicSecurityError, "2048 to 8192 bits"),
        ({**RSA_JWK, "e": "Ag"}, MalformedValueError, "without a valid key"),
        ({**RSA_JWK, "n": RSA_JWK["n"] + "="}, MalformedValueError, "base64url"),
        ({"kty": "RSA", "e": "AQAB"}, MalformedValueError, "one of its members"),
        ({**OKP, "x": 3}, MalformedValueError, "one of its members"),
        ({**OKP, "x": "AQAB"}, MalformedValueError, "without a valid key"),
        ({**EC, "y": EC["x"]}, MalformedValueError, "without a valid key"),
        ("jwk", MalformedValueError, "JSON object"),
        (None, MalformedValueError, "JSON object"),
    ],
)  # fmt: skip
def test_what_is_no_jwk(jwk: Any, kind: type[BadgeError], message: str) -> None:  # noqa: ANN401
    with pytest.raises(kind, match=message):
        public_key_from_jwk(jwk)


def test_a_curve_of_no_use() -> None:
    with pytest.raises(CryptographicSecurityError, match="curve"):
        jwk_from_public_key(P384)


def test_pem() -> None:
    assert rsa_from_pem(pem_from_public_key(RSA)) == RSA
    pkcs1 = RSA.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    assert rsa_from_pem(pkcs1) == RSA
    for text in ("", "-----BEGIN PUBLIC KEY-----", pem_from_public_key(RSA)[:200], "é"):
        with pytest.raises(MalformedValueError, match="not the PEM"):
            rsa_from_pem(text)
    for key, message in ((ED25519, "an RSA key"), (P256, "an RSA key"), (WEAK_RSA, "2048 to 8192 bits")):
        with pytest.raises(CryptographicSecurityError, match=message):
            rsa_from_pem(pem_from_public_key(key))


def test_a_method_counts_until_it_ends() -> None:
    ends = datetime(2026, 1, 1, tzinfo=UTC)
    before, after = datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert VerificationMethod("did:x:1#1", "did:x:1", ED25519).is_usable_at(after)
    for ending in ({"expires": ends}, {"revoked": ends}, {"expires": ends, "revoked": ends}):
        method = VerificationMethod("did:x:1#1", "did:x:1", ED25519, **ending)
        assert method.is_usable_at(before)
        assert not method.is_usable_at(after)
