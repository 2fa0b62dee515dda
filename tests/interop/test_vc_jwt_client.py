"""A VC-JWT in the hands of a client that knows PyJWT, our JWKS, and nothing else of ours."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.types import Options

from badges_server.credentials import jwt_proof
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification_method import jwk_from_public_key
from tests.clock import make_entropy
from tests.credentials.conftest import KeySigner
from tests.interop.generated import NOW, generate
from tests.interop.running_server import RunningServer

REQUIRED: Options = {"require": ["iss", "sub", "jti", "nbf"]}
# Generated credentials are valid at their own moment, to which no client of PyJWT can be set.
AT_ANY_TIME: Options = {"verify_exp": False, "verify_nbf": False}
CLAIMS = ("iss", "sub", "jti", "nbf", "exp")


def test_generated_credentials_are_read_by_a_plain_client() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    cases = generate(make_entropy("tokens"), 60).cases
    unsecured = [{name: case.document[name] for name in case.document if name != "proof"} for case in cases]
    for document in unsecured:
        signer = KeySigner(key, f"{document['issuer']['id']}#jwt-1")
        token = jwt_proof.secure(document, signer)
        payload = jwt.decode(token, _key_for(token, signer), algorithms=["RS256"], options={**REQUIRED, **AT_ANY_TIME})
        assert {name: payload[name] for name in payload if name not in CLAIMS} == document
        assert (payload["iss"], payload["jti"]) == (document["issuer"]["id"], document["id"])
        assert payload["nbf"] <= NOW.timestamp() <= payload.get("exp", NOW.timestamp())


def test_a_changed_token_is_refused_by_a_plain_client() -> None:
    signer = KeySigner(rsa.generate_private_key(public_exponent=65537, key_size=2048), "did:web:x.example#jwt-1")
    case = generate(make_entropy("token"), 1).cases[0]
    token = jwt_proof.secure({name: case.document[name] for name in case.document if name != "proof"}, signer)
    header, payload, signature = token.split(".")
    for changed in (f"{header}.{payload[:-2]}AA.{signature}", f"{header}.{payload}.{signature[:-8]}AAAAAAAA"):
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(changed, _key_for(token, signer), algorithms=["RS256"], options=AT_ANY_TIME)


def test_a_client_that_knows_only_the_served_key_set_verifies_every_token(demo: RunningServer) -> None:
    client = jwt.PyJWKClient(f"{demo.base_url}/.well-known/jwks.json")
    for issued in demo.issued:
        token = demo.get(f"{issued.id}.jwt").data.decode()
        key = client.get_signing_key_from_jwt(token)
        assert jwt.get_unverified_header(token).keys() == {"alg", "kid", "typ"}
        payload = jwt.decode(token, key, algorithms=["RS256"], options={**REQUIRED, "verify_exp": False})
        document = demo.json(issued.id, "application/vc+ld+json")
        assert {name: payload[name] for name in payload if name not in CLAIMS} == {
            name: document[name] for name in document if name != "proof"
        }
        assert payload["iss"] == document["issuer"]["id"] == str(key.key_id).partition("#")[0]


def test_an_expired_token_says_so_by_itself(demo: RunningServer) -> None:
    keys = jwt.PyJWKSet.from_json(demo.get("/.well-known/jwks.json").data.decode())
    token = demo.get(f"{demo.one('expired').id}.jwt").data.decode()
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], algorithms=["RS256"])


def test_the_served_key_set_holds_public_signing_keys_only(demo: RunningServer) -> None:
    response = demo.get("/.well-known/jwks.json")
    assert response.headers["Content-Type"] == "application/jwk-set+json"
    keys = json.loads(response.data)["keys"]
    assert len(keys) == len({key["kid"] for key in keys}) > 1
    assert {frozenset(key) for key in keys} == {frozenset({"kty", "n", "e", "kid", "alg", "use"})}


def _key_for(token: str, signer: KeySigner) -> jwt.PyJWK:
    kid = signer.verification_method
    entry: JsonObject = {**jwk_from_public_key(signer.public_key), "kid": kid, "alg": "RS256", "use": "sig"}
    return jwt.PyJWKSet.from_json(json.dumps({"keys": [entry]}))[jwt.get_unverified_header(token)["kid"]]
