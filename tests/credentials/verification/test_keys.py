"""Who may sign for whom: a right signature under a key that is not the issuer's never makes a verified badge."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges_server.credentials import base58, data_integrity, did, jwt_proof
from badges_server.credentials.jose import base64url
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Report
from badges_server.credentials.verification_method import (
    VerificationMethod,
    jwk_from_public_key,
    multikey_from_public_key,
    pem_from_public_key,
)
from tests.credentials.conftest import KeySigner
from tests.credentials.verification.world import (
    FOREIGN_KEY,
    ISSUER,
    ISSUER_DID_URL,
    ISSUER_URL,
    KEY,
    KEY_URL,
    NOW,
    REMOVED,
    World,
    changed,
    issuer_profile,
    jws,
    jwt_signer,
    key_document,
    open_badge,
    own_did_document,
    signed,
    signed_assertion,
    world,
    world_2,
)

HTTPS_ISSUER = "https://badges.example.org/issuers/recyclerie"
MULTIKEY = multikey_from_public_key(FOREIGN_KEY.public_key)


def facts_of(report: Report) -> tuple[str, str, str, bool]:
    """Proof, issuer, verdict, and whether the issuer is confirmed."""
    proof, issuer = report.outcome_of("proof"), report.outcome_of("issuer")
    return proof.value, issuer.value, report.verdict, report.flags.issuer_confirmed


UNBOUND = ("passed", "unknown", "incomplete", False)
FORGED = ("failed", "passed", "not_verified", False)
REFUSED = ("failed", "unknown", "not_verified", False)
NO_KEY = ("unknown", "unknown", "incomplete", False)
GOOD = ("passed", "passed", "verified", True)


def issued_by(issuer: str) -> JsonObject:
    """The good badge of another issuer, without a status list of the first one."""
    document = changed(open_badge(), "issuer/id", issuer)
    return changed(document, "credentialStatus", REMOVED)


def test_the_good_one_is_good() -> None:
    assert facts_of(world().report(signed(open_badge()))) == GOOD
    assert facts_of(world().report(jwt_proof.secure(open_badge(), jwt_signer()))) == GOOD


def test_a_foreign_key_under_the_issuers_name() -> None:
    assert facts_of(world().report(signed(open_badge(), FOREIGN_KEY))) == FORGED
    assert facts_of(world().report(jwt_proof.secure(open_badge(), jwt_signer("foreign")))) == FORGED


def test_a_right_signature_with_a_did_key_of_anybody() -> None:
    method = f"did:key:{MULTIKEY}#{MULTIKEY}"
    report = world().report(signed(open_badge(), replace(FOREIGN_KEY, verification_method=method)))

    assert facts_of(report) == UNBOUND
    assert report.of("issuer")[0].code == "KEY_NOT_BOUND_TO_ISSUER"


@pytest.mark.parametrize("fragment", ["", f"#{MULTIKEY}"])
def test_a_did_key_that_is_the_issuer(fragment: str) -> None:
    signer = replace(FOREIGN_KEY, verification_method=f"did:key:{MULTIKEY}{fragment}")

    assert facts_of(world().report(signed(issued_by(f"did:key:{MULTIKEY}"), signer))) == GOOD


def test_a_did_key_with_the_fragment_of_another_key() -> None:
    other = multikey_from_public_key(KEY.public_key)
    signer = replace(FOREIGN_KEY, verification_method=f"did:key:{MULTIKEY}#{other}")

    assert facts_of(world().report(signed(issued_by(f"did:key:{MULTIKEY}"), signer))) == REFUSED


@pytest.mark.parametrize("algorithm", ["RS256", "EdDSA"])
def test_a_did_jwk_that_is_the_issuer(algorithm: str) -> None:
    signer = jwt_signer("foreign") if algorithm == "RS256" else FOREIGN_KEY
    jwk = jwk_from_public_key(signer.public_key)
    issuer = "did:jwk:" + base64url.encode(json.dumps(jwk).encode())
    token = jwt_proof.secure(issued_by(issuer), replace(signer, verification_method=f"{issuer}#0"))

    assert facts_of(world().report(token)) == GOOD
    assert (
        facts_of(world().report(jwt_proof.secure(open_badge(), replace(signer, verification_method=f"{issuer}#0"))))
        == UNBOUND
    )


def test_another_did_web_that_publishes_the_key_for_itself() -> None:
    attacker = "did:web:attacker.example"
    method = VerificationMethod(f"{attacker}#key-1", attacker, FOREIGN_KEY.public_key)
    pages = world()
    pages.puts("https://attacker.example/.well-known/did.json", did.did_document(attacker, [method]))

    report = pages.report(signed(open_badge(), replace(FOREIGN_KEY, verification_method=method.id)))

    assert facts_of(report) == UNBOUND


def test_another_did_web_that_claims_the_issuer_controls_its_key() -> None:
    attacker = "did:web:attacker.example"
    method = VerificationMethod(f"{attacker}#key-1", ISSUER, FOREIGN_KEY.public_key)
    pages = world()
    pages.puts("https://attacker.example/.well-known/did.json", did.did_document(attacker, [method]))

    report = pages.report(signed(open_badge(), replace(FOREIGN_KEY, verification_method=method.id)))

    assert facts_of(report) == REFUSED


def test_another_site_that_claims_to_be_the_issuers_document() -> None:
    method = VerificationMethod(f"{ISSUER}#key-1", ISSUER, FOREIGN_KEY.public_key)
    pages = world()
    pages.puts("https://attacker.example/keys", did.did_document(ISSUER, [method]))

    report = pages.report(
        signed(open_badge(), replace(FOREIGN_KEY, verification_method="https://attacker.example/keys#key-1"))
    )

    assert report.outcome_of("proof") == "failed"
    assert not report.flags.issuer_confirmed


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("assertionMethod", []),
        ("assertionMethod", REMOVED),
        ("assertionMethod", [f"{ISSUER}#jwt-1"]),
        ("verificationMethod", []),
        ("verificationMethod/0/controller", "did:web:attacker.example"),
        ("verificationMethod/0/controller", REMOVED),
        ("verificationMethod/0/id", f"{ISSUER}#key-2"),
        ("verificationMethod/0/type", "Bls12381G2Key2020"),
        ("verificationMethod/0/publicKeyMultibase", "z6Mk"),
        ("verificationMethod/0/publicKeyMultibase", REMOVED),
        ("id", "did:web:attacker.example"),
    ],
)
def test_a_key_that_its_issuer_does_not_publish_for_assertions(place: str, value: object) -> None:
    pages = world()
    pages.puts(ISSUER_DID_URL, changed(own_did_document(), place, value))

    report = pages.report(signed(open_badge()))

    assert (report.outcome_of("proof"), report.verdict) == ("failed", "not_verified")
    assert report.of("proof")[0].path == "$.proof[0].verificationMethod"
    assert not report.flags.issuer_confirmed


@pytest.mark.parametrize("name", ["expires", "revoked"])
def test_a_key_that_has_ended(name: str) -> None:
    pages = world()
    for moment, outcome in ((NOW - timedelta(seconds=1), "failed"), (NOW + timedelta(days=1), "passed")):
        text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        pages.puts(ISSUER_DID_URL, changed(own_did_document(), f"verificationMethod/0/{name}", text))
        report = pages.report(signed(open_badge()))

        assert report.outcome_of("issuer") == outcome
        assert report.outcome_of("proof") == "passed"
        assert report.flags.issuer_confirmed is (outcome == "passed")


def test_a_relative_key_id_and_an_embedded_method_are_read() -> None:
    pages = world()
    document = own_did_document()
    entry = {**document["verificationMethod"][0], "id": "#key-1"}
    for lists in ({"verificationMethod": [entry], "assertionMethod": ["#key-1"]}, {"assertionMethod": [entry]}):
        status = {"assertionMethod": lists["assertionMethod"]}
        pages.puts(ISSUER_DID_URL, {"@context": document["@context"], "id": ISSUER, **lists, **status})

        assert facts_of(pages.report(signed(open_badge()))) == GOOD


@pytest.mark.parametrize("answer", [None, 404, 500, b"<html>", b"[]", b"{}"])
def test_keys_that_cannot_be_had(answer: object) -> None:
    pages = world()
    if answer is None:
        pages.loses(ISSUER_DID_URL)
    elif isinstance(answer, int):
        pages.puts(ISSUER_DID_URL, {}, answer)
    else:
        pages.puts(ISSUER_DID_URL, answer)

    for badge in (signed(open_badge()), jwt_proof.secure(open_badge(), jwt_signer())):
        report = pages.report(badge)
        readable = isinstance(answer, bytes)
        assert facts_of(report) == (REFUSED if readable else NO_KEY)


# --- https issuers ---


def https_issuer(**extra: object) -> World:
    pages = world()
    method = VerificationMethod(f"{HTTPS_ISSUER}#key-1", HTTPS_ISSUER, KEY.public_key)
    pages.puts(HTTPS_ISSUER, {**did.did_document(HTTPS_ISSUER, [method]), "type": ["Profile"], **extra})
    return pages


def test_an_https_issuer_that_lists_the_key_in_its_document() -> None:
    signer = replace(KEY, verification_method=f"{HTTPS_ISSUER}#key-1")

    assert facts_of(https_issuer().report(signed(issued_by(HTTPS_ISSUER), signer))) == GOOD
    assert facts_of(https_issuer(assertionMethod=[]).report(signed(issued_by(HTTPS_ISSUER), signer))) == REFUSED


def test_a_key_in_the_fragment_of_the_issuers_own_url_proves_nothing() -> None:
    signer = replace(FOREIGN_KEY, verification_method=f"{HTTPS_ISSUER}#{MULTIKEY}")
    forged = signed(issued_by(HTTPS_ISSUER), signer)

    assert facts_of(https_issuer().report(forged)) == UNBOUND
    assert facts_of(world().report(forged)) == UNBOUND


def test_a_did_web_badge_says_nothing_of_an_https_issuer() -> None:
    assert facts_of(https_issuer().report(signed(issued_by(HTTPS_ISSUER), KEY))) == UNBOUND


JWKS_URL = "https://badges.example.org/.well-known/jwks.json"


def jwks(signer: KeySigner, **members: object) -> JsonObject:
    return {"keys": [{"kty": "oct"}, {**jwk_from_public_key(signer.public_key), **members}]}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"kid": "k1"}, GOOD),
        ({"kid": "k1", "iss": HTTPS_ISSUER}, GOOD),
        ({"kid": "k1", "iss": "https://badges.example.org/issuers/other"}, NO_KEY),
        ({"kid": "k2"}, NO_KEY),
        ({"kid": "k1", "use": "enc"}, REFUSED),
    ],
)
def test_an_https_issuer_with_a_key_set(members: JsonObject, expected: object) -> None:
    signer = jwt_signer("own", "k1")
    pages = world()
    pages.puts(JWKS_URL, jwks(signer, **members))
    report = pages.report(jwt_proof.secure(issued_by(HTTPS_ISSUER), signer))

    if expected == GOOD:
        assert facts_of(report) == GOOD
    else:
        assert report.verdict != "verified"
        assert not report.flags.issuer_confirmed


def token_with_jwk(document: JsonObject, signer: KeySigner, **headers: object) -> str:
    header = {"jwk": jwk_from_public_key(signer.public_key), "typ": "JWT", **headers}
    return jwt_proof.sign_compact(jwt_proof.claims_of(document), signer, header)


def test_a_key_in_the_tokens_header_proves_nothing() -> None:
    foreign = jwt_signer("foreign")

    assert facts_of(world().report(token_with_jwk(open_badge(), foreign))) == UNBOUND
    assert facts_of(world().report(token_with_jwk(issued_by(HTTPS_ISSUER), foreign))) == UNBOUND
    # A kid of the issuer beside a key of somebody else is a lie, not an open question.
    lie = world().report(token_with_jwk(open_badge(), foreign, kid=f"{ISSUER}#jwt-1"))
    assert (lie.outcome_of("proof"), lie.verdict) == ("failed", "not_verified")


def test_a_key_in_the_tokens_header_that_the_issuer_publishes() -> None:
    own = jwt_signer()
    pages = world()
    pages.puts(JWKS_URL, jwks(own))

    assert facts_of(pages.report(token_with_jwk(issued_by(HTTPS_ISSUER), own))) == GOOD
    assert facts_of(pages.report(token_with_jwk(open_badge(), own, kid=f"{ISSUER}#jwt-1"))) == GOOD


@pytest.mark.parametrize("issuer", ["urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", "mailto:a@example.org"])
def test_an_issuer_that_can_publish_nothing(issuer: str) -> None:
    signer = replace(FOREIGN_KEY, verification_method=f"did:key:{MULTIKEY}")

    assert facts_of(world().report(signed(issued_by(issuer), signer))) == UNBOUND


# --- tokens ---


def tampered(token: str, **header: object) -> str:
    first, payload, signature = token.split(".")
    parts = {**json.loads(base64url.decode(first)), **header}
    parts = {name: value for name, value in parts.items() if value is not REMOVED}
    return ".".join([base64url.encode(json.dumps(parts).encode()), payload, signature])


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "RS512"},
        {"alg": REMOVED},
        {"typ": "JOSE"},
        {"kid": REMOVED},
        {"kid": 7},
        {"crit": ["exp"]},
        {"b64": False},
        {"x5u": "https://attacker.example/"},
        {"jku": "https://attacker.example/"},
    ],
)
def test_a_header_that_says_something_else_is_refused(header: JsonObject) -> None:
    report = world().report(tampered(jwt_proof.secure(open_badge(), jwt_signer()), **header))

    assert (report.outcome_of("proof"), report.verdict) == ("failed", "not_verified")


def test_a_token_without_signature_is_refused() -> None:
    token = tampered(jwt_proof.secure(open_badge(), jwt_signer()), alg="none")

    assert world().report(token.rpartition(".")[0] + ".").verdict == "not_verified"
    assert world().report(token.rpartition(".")[0] + ".AA").verdict == "not_verified"


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:web:attacker.example"),
        ("iss", REMOVED),
        ("jti", "urn:uuid:0"),
        ("jti", REMOVED),
        ("nbf", 1),
        ("nbf", "1772355600"),
        ("nbf", REMOVED),
        ("sub", "urn:x:1"),
        ("sub", REMOVED),
        ("exp", 1),
        ("exp", REMOVED),
    ],
)
def test_a_claim_that_says_something_else_is_refused(claim: str, value: object) -> None:
    payload = changed(jwt_proof.claims_of(open_badge()), claim, value)
    report = world().report(jwt_proof.sign_compact(payload, jwt_signer(), {"kid": f"{ISSUER}#jwt-1"}))

    assert report.outcome_of("proof") == "failed"
    assert report.of("proof")[0].path == f"claims.{claim}"


# --- embedded proofs ---


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("proof", REMOVED, "$.proof"),
        ("proof", [], "$.proof"),
        ("proof", "z5", "$.proof[0]"),
        ("proof/0/type", "Ed25519Signature2018", "$.proof[0]"),
        ("proof/0/cryptosuite", "eddsa-rdf-2022", "$.proof[0]"),
        ("proof/0/cryptosuite", REMOVED, "$.proof[0]"),
        ("proof/0/proofPurpose", "authentication", "$.proof[0].proofPurpose"),
        ("proof/0/proofPurpose", REMOVED, "$.proof[0].proofPurpose"),
        ("proof/0/proofValue", "z5", "$.proof[0].proofValue"),
        ("proof/0/proofValue", "u5", "$.proof[0].proofValue"),
        ("proof/0/proofValue", REMOVED, "$.proof[0].proofValue"),
        ("proof/0/verificationMethod", REMOVED, "$.proof[0].verificationMethod"),
        ("proof/0/verificationMethod", {"id": "x"}, "$.proof[0].verificationMethod"),
        ("proof/0/created", "yesterday", "$.proof[0].created"),
        ("proof/0/created", "2026-06-01T12:00:01Z", "$.proof[0].proofValue"),
        ("proof/0/nonce", "x", "$.proof[0].proofValue"),
        ("proof/0/@context", "https://www.w3.org/ns/credentials/v2", "$.proof[0]['@context']"),
    ],
)
def test_a_proof_that_was_touched_fails_where_it_was(place: str, value: object, path: str) -> None:
    report = world().report(changed(signed(open_badge()), place, value))

    assert report.outcome_of("proof") == "failed"
    assert report.of("proof")[0].path == path
    assert report.verdict == "not_verified"


def with_proof_options(**options: object) -> JsonObject:
    """Signed over those very options, so that only their meaning is wrong."""
    document = open_badge()
    proof = {**signed(document)["proof"][0], **options}
    proof.pop("proofValue")
    value = "z" + base58.encode(KEY.sign(data_integrity.hash_data(document, proof)))
    return {**document, "proof": [{**proof, "proofValue": value}]}


def test_a_proof_that_has_expired_fails() -> None:
    expired = world().report(with_proof_options(expires="2026-06-01T12:00:00Z"))

    assert expired.of("proof")[0].path == "$.proof[0].expires"
    assert expired.verdict == "not_verified"
    assert world().report(with_proof_options(expires="2026-06-01T12:00:01Z")).verdict == "verified"


def test_a_proof_for_another_purpose_fails_though_its_signature_holds() -> None:
    report = world().report(with_proof_options(proofPurpose="authentication"))

    assert (report.outcome_of("proof"), report.verdict) == ("failed", "not_verified")


def test_an_older_suite_holds_with_a_warning() -> None:
    report = world().report(with_proof_options(cryptosuite="eddsa-2022"))

    assert report.verdict == "verified"
    assert [warning.code for warning in report.warnings] == ["DEPRECATED_CRYPTOSUITE"]


def test_one_good_proof_of_several_suffices_and_the_others_are_told() -> None:
    document = signed(open_badge())
    bad = {**document["proof"][0], "proofValue": "z5"}
    unknown = {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023"}
    for proofs in ([bad, *document["proof"]], [*document["proof"], bad], [unknown, *document["proof"]]):
        report = world().report({**document, "proof": proofs})

        assert report.verdict == "verified"
        assert len([warning for warning in report.warnings if warning.check == "proof"]) == 1
    assert world().report({**document, "proof": [bad, bad]}).verdict == "not_verified"
    assert world().report({**document, "proof": document["proof"] * 2}).warnings == ()


def test_a_good_proof_of_a_stranger_beside_a_bad_one_of_the_issuer_confirms_nobody() -> None:
    method = f"did:key:{MULTIKEY}#{MULTIKEY}"
    theirs = signed(open_badge(), replace(FOREIGN_KEY, verification_method=method))["proof"]
    bad = {**signed(open_badge())["proof"][0], "proofValue": theirs[0]["proofValue"]}

    assert facts_of(world().report({**open_badge(), "proof": [bad, *theirs]})) == UNBOUND


# --- Open Badges 2.0, signed ---


def test_a_signed_assertion_by_another_key_fails() -> None:
    assert facts_of(world_2().report(jws(signed_assertion(), "foreign"))) == FORGED


@pytest.mark.parametrize("alg", ["none", "HS256", "ES256", "RS512"])
def test_a_signed_assertion_cannot_choose_its_algorithm(alg: str) -> None:
    report = world_2().report(tampered(jws(signed_assertion()), alg=alg))

    assert (report.outcome_of("proof"), report.verdict) == ("failed", "not_verified")


@pytest.mark.parametrize(
    ("url", "document", "expected"),
    [
        (KEY_URL, changed(key_document(), "owner", "https://attacker.example/"), "failed"),
        (KEY_URL, changed(key_document(), "owner", REMOVED), "failed"),
        (KEY_URL, changed(key_document(), "id", "https://attacker.example/key"), "failed"),
        (ISSUER_URL, changed(issuer_profile(), "publicKey", ["https://attacker.example/key"]), "unknown"),
        (ISSUER_URL, changed(issuer_profile(), "publicKey", REMOVED), "unknown"),
    ],
)
def test_a_key_and_its_owner_must_point_at_each_other(url: str, document: JsonObject, expected: str) -> None:
    pages = world_2()
    pages.puts(url, document)
    report = pages.report(jws(signed_assertion()))

    assert report.outcome_of("issuer") == expected
    assert report.outcome_of("proof") == "passed"
    assert not report.flags.issuer_confirmed


def test_the_key_of_somebody_else_named_in_the_assertion_binds_nothing() -> None:
    pages = world_2()
    foreign = "https://attacker.example/key"
    pem = pem_from_public_key(jwt_signer("foreign").public_key)
    pages.puts(foreign, {**key_document(), "id": foreign, "publicKeyPem": pem})
    report = pages.report(jws(changed(signed_assertion(), "verification/creator", foreign), "foreign"))

    assert facts_of(report) == UNBOUND


def test_the_issuers_only_key_is_the_one_when_none_is_named() -> None:
    report = world_2().report(jws(changed(signed_assertion(), "verification/creator", REMOVED)))

    assert facts_of(report) == GOOD


def test_a_weak_key_is_refused() -> None:
    pages = world_2()
    pem = ec.generate_private_key(ec.SECP256R1()).public_key()
    for key in (pem, Ed25519PrivateKey.generate().public_key()):
        pages.puts(KEY_URL, {**key_document(), "publicKeyPem": pem_from_public_key(key)})
        report = pages.report(jws(signed_assertion()))
        assert (report.outcome_of("proof"), report.of("proof")[0].code) == ("failed", "CRYPTOGRAPHIC_SECURITY_ERROR")
