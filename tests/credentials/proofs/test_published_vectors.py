"""Data Integrity against what W3C and 1EdTech publish: canonical bytes, hashes, proof values."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges_server.credentials import canonical, data_integrity
from badges_server.credentials.canonical.context_resolver import ContextResolver
from badges_server.credentials.canonical.expansion import expand
from badges_server.credentials.canonical.nquads import parse_nquads
from badges_server.credentials.canonical.rdf import quads_of
from badges_server.credentials.canonical.rdfc import canonicalize_quads
from badges_server.credentials.contexts import CONTEXT_URLS, load_context
from badges_server.credentials.errors import ProofVerificationError, UnknownContextError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification_method import ed25519_from_multikey
from tests.credentials.conftest import KeySigner

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
SHARED = VECTORS.parents[2] / "shared" / "vectors" / "vc-di-eddsa" / "TestVectors"
EDDSA = json.loads((VECTORS / "eddsa.json").read_text())
OPEN_BADGES = json.loads((VECTORS / "open-badges-3.json").read_text())

EXAMPLES = "https://www.w3.org/ns/credentials/examples#"
# The contexts of W3C's examples are not ours to trust (@vocab hides undefined terms); what they say of these terms is.
EXAMPLE_CONTEXTS: dict[str, JsonObject] = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "AlumniCredential": f"{EXAMPLES}AlumniCredential",
        "alumniOf": f"{EXAMPLES}alumniOf",
    },
    "https://w3id.org/citizenship/v4rc1": {},
}


def load_example_context(url: str) -> JsonObject:
    return {"@context": EXAMPLE_CONTEXTS[url]} if url in EXAMPLE_CONTEXTS else load_context(url)


def canonicalize_example(document: JsonObject) -> bytes:
    resolver = ContextResolver(CONTEXT_URLS | EXAMPLE_CONTEXTS.keys(), load_example_context)
    return canonicalize_quads(quads_of(expand(document, resolver)))


def canonicalize_as_published(case: dict[str, Any], document: JsonObject) -> bytes:
    """Proof options by our own hand; a document of W3C's citizenship vocabulary from its published statements."""
    if "proofPurpose" in document or "alumniOf" in str(document):
        return canonicalize_example(document)
    return canonicalize_quads(parse_nquads(case["document_canonical"]))


@pytest.mark.parametrize("case", EDDSA["cases"], ids=lambda case: str(case["name"]))
def test_w3c_figures(case: dict[str, Any]) -> None:
    key = ed25519_from_multikey(EDDSA["public_key"])
    secured = case["secured"]
    (proof,) = data_integrity.proofs_of(secured)

    def canonicalize(document: JsonObject) -> bytes:
        return canonicalize_as_published(case, document)

    document = data_integrity.without_proof(secured)
    assert canonicalize(document).decode() == case["document_canonical"]
    hashes = data_integrity.hash_data(secured, proof, canonicalize=canonicalize)
    assert (hashes[:32].hex(), hashes[32:].hex()) == (case["proof_hash"], case["document_hash"])
    assert data_integrity.hash_data(document, case["proof_options"], canonicalize=canonicalize) == hashes
    data_integrity.verify(secured, proof, key, canonicalize=canonicalize)
    with pytest.raises(ProofVerificationError, match="does not hold"):
        data_integrity.verify(secured, {**proof, "created": "2023-02-24T23:36:39Z"}, key, canonicalize=canonicalize)


def test_the_cases_cover_the_suites() -> None:
    suites = [data_integrity.suite_of(data_integrity.proofs_of(case["secured"])[0]) for case in EDDSA["cases"]]
    assert [suite.name for suite in suites] == ["eddsa-rdfc-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"]
    assert [suite.is_deprecated for suite in suites] == [False, False, True]


def test_w3c_examples_name_contexts_that_are_not_trusted() -> None:
    with pytest.raises(UnknownContextError):
        canonical.canonicalize(EDDSA["cases"][0]["secured"])


def test_w3c_proof_sets() -> None:
    """Those of the published suite, where it lies beside the project; sets of our own are held elsewhere."""
    for file in sorted(SHARED.glob("proof-set-chain/signedProofSet*.json")):
        secured = json.loads(file.read_text())
        for proof in data_integrity.proofs_of(secured):
            key = ed25519_from_multikey(proof["verificationMethod"].partition("#")[2])
            data_integrity.verify(secured, proof, key, canonicalize=canonicalize_example)


def test_1edtech_figures() -> None:
    case = OPEN_BADGES
    document, proof = case["document"], case["proof"]
    options = {"@context": document["@context"], **proof}
    del options["proofValue"]
    assert canonical.canonicalize(document).decode() == case["document_canonical"]
    assert canonical.canonicalize(options).decode() == case["proof_canonical"]
    assert hashlib.sha256(case["document_canonical"].encode()).hexdigest() == case["document_hash"]
    hashes = data_integrity.hash_data(document, proof)
    assert hashes.hex() == case["proof_hash"] + case["document_hash"]
    data_integrity.verify(document, proof, ed25519_from_multikey(case["public_key"]))


def test_we_sign_1edtech_s_example_as_1edtech_does() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(OPEN_BADGES["published_private_key"]))
    signer = KeySigner(key, OPEN_BADGES["proof"]["verificationMethod"])
    secured = data_integrity.secure(OPEN_BADGES["document"], signer, datetime(2010, 1, 1, 19, 23, 24, tzinfo=UTC))
    assert secured == {**OPEN_BADGES["document"], "proof": [OPEN_BADGES["proof"]]}
    assert secured["proof"][0]["proofValue"].startswith("z5x9aCBY")
