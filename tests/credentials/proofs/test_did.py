"""DIDs and controller documents: names and URLs, and who may assert for whom."""

from datetime import UTC, datetime

import pytest

from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.contexts import DID_V1, JWK_V1, MULTIKEY_V1
from badges_server.credentials.did import (
    did_document,
    did_jwk_method,
    did_key_method,
    did_web,
    did_web_url,
    method_of,
    methods_of,
)
from badges_server.credentials.errors import BadgeError, CryptographicSecurityError, MalformedValueError
from badges_server.credentials.jose import base64url
from badges_server.credentials.json_text import JsonObject, parse_json_object, write_json
from badges_server.credentials.verification_method import (
    VerificationMethod,
    jwk_from_public_key,
    multikey_from_public_key,
)
from tests.credentials.conftest import ISSUER, KeySigner

KEY = f"{ISSUER}#key-1"


@pytest.mark.parametrize(
    ("base_url", "segments", "did", "url"),
    [
        ("https://badges.example.org", ("issuers", "x"), "did:web:badges.example.org:issuers:x",
         "https://badges.example.org/issuers/x/did.json"),
        ("http://localhost:8000", ("issuers", "x"), "did:web:localhost%3A8000:issuers:x",
         "https://localhost:8000/issuers/x/did.json"),
        ("https://Badges.Example.org/", (), "did:web:badges.example.org",
         "https://badges.example.org/.well-known/did.json"),
        ("https://example.org/badges/", ("é",), "did:web:example.org:badges:%C3%A9",
         "https://example.org/badges/%C3%A9/did.json"),
    ],
)  # fmt: skip
def test_did_web(base_url: str, segments: tuple[str, ...], did: str, url: str) -> None:
    assert did_web(base_url, *segments) == did
    assert did_web_url(did) == url


@pytest.mark.parametrize("host", ["localhost", "localhost%3A8000", "127.0.0.1%3A80", "127.9.9.9"])
def test_http_only_on_this_machine_and_when_allowed(host: str) -> None:
    assert did_web_url(f"did:web:{host}:a").startswith("https://")
    assert did_web_url(f"did:web:{host}:a", allow_loopback_http=True).startswith("http://")


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "128.0.0.1", "10.0.0.1", "127.0.0.1.nip.io"])
def test_never_http_elsewhere(host: str) -> None:
    assert did_web_url(f"did:web:{host}:a", allow_loopback_http=True) == f"https://{host}/a/did.json"


@pytest.mark.parametrize(
    "did",
    [
        "did:key:z6Mk",
        "web:example.org",
        "did:web",
        "did:web:",
        "did:web::a",
        "did:web:example.org:",
        "did:web:example.org::a",
        "did:web:example.org:..",
        "did:web:example.org:%2E%2E:a",
        "did:web:example.org:a%2Fb",
        "did:web:example.org:a%5Cb",
        "did:web:example.org:a%3Fb",
        "did:web:example.org:a#key-1",
        "did:web:example.org#key-1",
        "did:web:example.org/a",
        "did:web:user%40example.org",
        "did:web:example.org%3A8000%2F",
        "did:web:example.org%3A",
        "did:web:example.org%3A123456",
        "did:web:example.org%20",
        "did:web:-example.org",
        "did:web:%5B%3A%3A1%5D",
        "did:web:example.org:a%00",
    ],
)
def test_what_is_no_did_web(did: str) -> None:
    with pytest.raises(MalformedValueError) as refusal:
        did_web_url(did)
    assert refusal.value.value == did


@pytest.mark.parametrize(
    ("base_url", "segment"),
    [
        ("https://user@example.org", "a"),
        ("https://", "a"),
        ("https://example.org", ".."),
        ("https://example.org", "a/b"),
        ("https://example.org", ""),
        ("https://example.org/%2e%2e/", "a"),
    ],
)
def test_what_cannot_be_named(base_url: str, segment: str) -> None:
    with pytest.raises(MalformedValueError):
        did_web(base_url, segment)


def test_did_key(ed25519_signer: KeySigner) -> None:
    multikey = multikey_from_public_key(ed25519_signer.public_key)
    did = f"did:key:{multikey}"
    assert did_key_method(did) == VerificationMethod(f"{did}#{multikey}", did, ed25519_signer.public_key)
    for broken in ("did:key:", f"{did}#{multikey}", f"did:jwk:{multikey}", multikey):
        with pytest.raises(MalformedValueError):
            did_key_method(broken)


def test_did_jwk(rsa_signer: KeySigner) -> None:
    jwk = jwk_from_public_key(rsa_signer.public_key)
    did = f"did:jwk:{base64url.encode(write_json(jwk).encode())}"
    assert did_jwk_method(did) == VerificationMethod(f"{did}#0", did, rsa_signer.public_key)
    private = base64url.encode(write_json({**jwk, "d": "AQAB"}).encode())
    with pytest.raises(CryptographicSecurityError, match="private"):
        did_jwk_method(f"did:jwk:{private}")
    for broken in ("did:jwk:", "did:jwk:e30=", f"{did}#0", "did:key:e30", f"did:jwk:{base64url.encode(b'[]')}"):
        with pytest.raises(MalformedValueError):
            did_jwk_method(broken)


@pytest.fixture
def methods(ed25519_signer: KeySigner, rsa_signer: KeySigner) -> list[VerificationMethod]:
    return [
        VerificationMethod(KEY, ISSUER, ed25519_signer.public_key),
        VerificationMethod(f"{ISSUER}#jwt-1", ISSUER, rsa_signer.public_key),
    ]


@pytest.fixture
def document(methods: list[VerificationMethod]) -> JsonObject:
    return did_document(ISSUER, methods)


def test_a_did_document_lists_its_keys(document: JsonObject, methods: list[VerificationMethod]) -> None:
    assert document["@context"] == [DID_V1, MULTIKEY_V1, JWK_V1]
    assert document["id"] == ISSUER
    assert [entry["type"] for entry in document["verificationMethod"]] == ["Multikey", "JsonWebKey"]
    assert {entry["controller"] for entry in document["verificationMethod"]} == {ISSUER}
    assert document["assertionMethod"] == [KEY, f"{ISSUER}#jwt-1"]
    assert methods_of(parse_json_object(write_json(document))) == methods
    assert [method_of(document, method.id, controller=ISSUER) for method in methods] == methods


def test_a_did_document_uses_defined_terms_only(document: JsonObject) -> None:
    assert b"https://w3id.org/security#publicKeyJwk" in canonicalize(document)
    assert did_document(ISSUER, [])["@context"] == [DID_V1]


def test_ends_are_published_and_a_revoked_key_no_longer_asserts(methods: list[VerificationMethod]) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    expiring = VerificationMethod(KEY, ISSUER, methods[0].public_key, expires=moment)
    revoked = VerificationMethod(f"{ISSUER}#key-2", ISSUER, methods[0].public_key, revoked=moment)
    document = did_document(ISSUER, [expiring, revoked])
    assert [entry.get("revoked") for entry in document["verificationMethod"]] == [None, "2026-01-01T00:00:00Z"]
    assert methods_of(document) == [expiring]
    assert canonicalize(document)
    with pytest.raises(CryptographicSecurityError, match="not listed"):
        method_of(document, revoked.id, controller=ISSUER)


def test_references_may_be_relative_and_methods_embedded(
    document: JsonObject, methods: list[VerificationMethod]
) -> None:
    first, second = document["verificationMethod"]
    document["verificationMethod"] = [{**first, "id": "#key-1"}]
    document["assertionMethod"] = ["#key-1", second]
    assert methods_of(document) == methods
    document["assertionMethod"] = second
    assert methods_of(document) == methods[1:]


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"assertionMethod": []}, CryptographicSecurityError, "not listed"),
        ({"assertionMethod": [f"{ISSUER}#jwt-1"], "authentication": [KEY]}, CryptographicSecurityError, "not listed"),
        ({"assertionMethod": ["did:web:evil.example#key-1"]}, CryptographicSecurityError, "not listed"),
        ({"verificationMethod": []}, CryptographicSecurityError, "not listed"),
        ({"id": "did:web:evil.example"}, CryptographicSecurityError, "another controller"),
        ({"id": None}, MalformedValueError, "has an id"),
        ({"assertionMethod": [3]}, MalformedValueError, "list of URLs"),
        ({"verificationMethod": 3}, MalformedValueError, "list of URLs"),
    ],
)
def test_a_key_that_may_not_assert(
    change: JsonObject, kind: type[BadgeError], message: str, document: JsonObject
) -> None:
    with pytest.raises(kind, match=message):
        method_of({**document, **change}, KEY, controller=ISSUER)


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"controller": "did:web:evil.example"}, CryptographicSecurityError, "key of another controller"),
        ({"controller": None}, CryptographicSecurityError, "key of another controller"),
        ({"controller": [ISSUER]}, CryptographicSecurityError, "key of another controller"),
        ({"type": "Multikey2"}, CryptographicSecurityError, "kind of verification method"),
        ({"type": ["Multikey"]}, CryptographicSecurityError, "kind of verification method"),
        ({"publicKeyMultibase": None}, CryptographicSecurityError, "kind of verification method"),
        ({"type": "JsonWebKey"}, MalformedValueError, "JSON object"),
        ({"publicKeyMultibase": "z6Mk"}, CryptographicSecurityError, "unknown kind"),
        ({"expires": "soon"}, MalformedValueError, "date-time"),
        ({"revoked": 3}, MalformedValueError, "date-time"),
    ],
)
def test_an_entry_that_cannot_be_used(
    change: JsonObject, kind: type[BadgeError], message: str, document: JsonObject, methods: list[VerificationMethod]
) -> None:
    document["verificationMethod"][0].update(change)
    with pytest.raises(kind, match=message):
        method_of(document, KEY, controller=ISSUER)
    assert methods_of(document) == methods[1:], "the other keys of a stranger's document still count"


def test_an_entry_without_id_is_left_out(document: JsonObject, methods: list[VerificationMethod]) -> None:
    nameless = {key: value for key, value in document["verificationMethod"][0].items() if key != "id"}
    document["assertionMethod"].append(nameless)
    assert methods_of(document) == methods
