"""Whatever a stranger writes anywhere, the answer is one of our errors: never a crash, never a pass."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from badges_server.credentials import data_integrity, jwt_proof
from badges_server.credentials.did import did_document, did_key_method, did_web_url, method_of, methods_of
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, walk
from badges_server.credentials.verification_method import VerificationMethod, public_key_from_jwk
from tests.credentials.conftest import ISSUER, OPEN_BADGE, KeySigner

KEY = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SECURED = data_integrity.secure(OPEN_BADGE, KEY, datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
CLAIMS = jwt_proof.claims_of(OPEN_BADGE)
JUDGED = {"", "MALFORMED_VALUE_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"}
CONTROLLER = did_document(ISSUER, [VerificationMethod(KEY.verification_method, ISSUER, KEY.public_key)])

words = st.sampled_from(
    ["@id", "@type", "@value", "@context", "@list", "@graph", "id", "type", "name", "proof", "https://x.org/"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | words
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def damaged(draw: st.DrawFn, document: JsonObject) -> JsonObject:
    """`document` with anything at all in one place."""
    places = [steps for steps, _value in walk(document) if steps]
    steps = draw(st.sampled_from(places))
    changed = copy.deepcopy(document)
    parent: Any = changed
    for step in steps[:-1]:
        parent = parent[step]
    parent[steps[-1]] = draw(anything)
    return changed


def code_of(judge: Callable[[], object]) -> str:
    """The code of the error that `judge` raises; empty when it raises none. Other errors than ours fail the test."""
    try:
        judge()
    except BadgeError as error:
        return error.code
    return ""


def verify_all(document: JsonObject) -> None:
    for proof in data_integrity.proofs_of(document):
        data_integrity.verify(document, proof, KEY.public_key)


@settings(max_examples=600, deadline=None)
@given(damaged(SECURED))
def test_secured_documents(document: JsonObject) -> None:
    code = code_of(lambda: verify_all(document))
    assert code != "BADGE_ERROR"
    if not code and data_integrity.proofs_of(document):
        # The same statements in other words: a value for a list of one.
        proof = SECURED["proof"][0]
        assert data_integrity.hash_data(document, proof) == data_integrity.hash_data(SECURED, proof)


@settings(max_examples=400, deadline=None)
@given(damaged(CLAIMS))
def test_claims(payload: JsonObject) -> None:
    assert isinstance(jwt_proof.check_claims(payload), list)
    assert isinstance(jwt_proof.credential_of(payload), dict)


@settings(max_examples=400, deadline=None)
@given(damaged({"alg": "EdDSA", "kid": "https://example.org/k", "typ": "JWT", "jwk": {"kty": "OKP", "crv": "Ed25519"}}))
def test_headers(header: JsonObject) -> None:
    assert code_of(lambda: jwt_proof.check_header(header)) in JUDGED
    assert code_of(lambda: public_key_from_jwk(header)) in JUDGED - {""}


@settings(max_examples=400, deadline=None)
@given(damaged(CONTROLLER))
def test_controller_documents(document: JsonObject) -> None:
    found: list[VerificationMethod] = []
    code = code_of(lambda: found.extend(methods_of(document)))
    assert code in JUDGED
    code = code_of(lambda: found.append(method_of(document, KEY.verification_method, controller=ISSUER)))
    assert code in JUDGED
    assert all(method.public_key == KEY.public_key for method in found)


@given(st.text(max_size=40), st.text(alphabet="z6Mk123:%2FweboridkeyAx.#/@", max_size=40))
def test_texts(free: str, alike: str) -> None:
    for text in (free, alike, f"did:web:{alike}", f"did:key:z{alike}"):
        assert code_of(partial(did_web_url, text)) in JUDGED
        assert code_of(partial(did_key_method, text)) in JUDGED
        assert code_of(partial(jwt_proof.decode_unverified, text)) in {"PARSING_ERROR", ""}
