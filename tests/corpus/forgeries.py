"""Forgeries: what somebody without the issuer's keys can make. None may be verified, none may confirm the issuer.

Algorithm confusion, foreign keys, keys that a token or a URL carries along, tricks with contexts, claims and places,
and every leaf of a credential changed once.
"""

import copy
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges_server.credentials import base58, data_integrity, jwt_proof
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.jose import base64url
from badges_server.credentials.json_text import JsonObject, json_path, walk, write_json
from badges_server.credentials.verification_method import (
    jwk_from_public_key,
    multikey_from_public_key,
    pem_from_public_key,
)
from tests.corpus.goods import in_png, in_svg, token
from tests.credentials.verification.world import (
    ASSERTION_URL,
    BADGE_URL,
    FOREIGN_KEY,
    ISSUER,
    ISSUER_URL,
    KEY,
    KEY_URL,
    STATUS_URL,
    World,
    badge_class,
    changed,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    key_document,
    open_badge,
    signed,
    signed_assertion,
    status_list_document,
    world,
    world_2,
)

FOREIGN_JWT = jwt_signer("foreign")
FOREIGN_MULTIKEY = multikey_from_public_key(FOREIGN_KEY.public_key)
ATTACKER = "did:web:attacker.example"
HTTPS_ISSUER = "https://badges.example.org/issuers/recyclerie"


@dataclass(frozen=True)
class Forgery:
    """A forged input and what the world answers."""

    name: str
    data: bytes
    pages: World


def forgeries() -> Iterator[Forgery]:
    """Every forgery, in a fixed order."""
    yield from _flipped_leaves()
    yield from _flipped_claims()
    yield from _flipped_assertion()
    yield from _algorithms()
    yield from _carried_keys()
    yield from _embedded_keys()
    yield from _contexts()
    yield from _places()
    yield from _lists()
    yield from _tokens()


def _forged(name: str, document: JsonObject | str, pages: World | None = None) -> Forgery:
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return Forgery(name, text.encode(), pages or world())


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    text = str(value)
    place = len(text) // 2
    return text[:place] + ("x" if text[place : place + 1] != "x" else "y") + text[place + 1 :]


def _leaves(document: JsonObject) -> Iterator[tuple[str, str]]:
    for steps, value in walk(document):
        if steps and not isinstance(value, dict | list):
            yield "/".join(str(step) for step in steps), json_path(steps)


def _flipped(document: JsonObject, place: str) -> JsonObject:
    value: object = document
    for step in place.split("/"):
        value = value[int(step)] if isinstance(value, list) else value[step]  # type: ignore[index]
    return changed(document, place, _other(value))


def _flipped_leaves() -> Iterator[Forgery]:
    """Every leaf of a signed credential, in three containers in turn."""
    good = signed(open_badge())
    for number, (place, path) in enumerate(_leaves(good)):
        text = write_json(_flipped(good, place))
        wrap = (str.encode, in_png, in_svg)[number % 3]
        yield Forgery(f"{path} flipped", wrap(text), world())


def _flipped_claims() -> Iterator[Forgery]:
    """Every leaf of a token's payload and header, under the old signature."""
    header, payload, signature = token(open_badge()).split(".")
    claims = json.loads(base64url.decode(payload))
    for place, path in _leaves(claims):
        part = base64url.encode(write_json(_flipped(claims, place)).encode())
        yield _forged(f"payload {path} flipped", f"{header}.{part}.{signature}")
    flipped = ("A" if signature[10] != "A" else "B").join([signature[:10], signature[11:]])
    yield _forged("signature flipped", f"{header}.{payload}.{flipped}")
    yield _forged("signature cut", f"{header}.{payload}.{signature[:-4]}")
    for name, value in (("alg", "RS384"), ("kid", f"{ATTACKER}#jwt-1"), ("typ", "JOSE"), ("x", "y")):
        head = {**json.loads(base64url.decode(header)), name: value}
        part = base64url.encode(write_json(head).encode())
        yield _forged(f"header {name} changed", f"{part}.{payload}.{signature}")


def _flipped_assertion() -> Iterator[Forgery]:
    header, payload, signature = jws(signed_assertion()).split(".")
    claims = json.loads(base64url.decode(payload))
    for place, path in _leaves(claims):
        part = base64url.encode(write_json(_flipped(claims, place)).encode())
        yield _forged(f"assertion {path} flipped", f"{header}.{part}.{signature}", world_2())


def _compact(header: JsonObject, payload: JsonObject, sign: bytes | None, key: str = "") -> str:
    parts = ".".join(base64url.encode(write_json(part).encode()) for part in (header, payload))
    if key == "hmac":
        sign = hmac.new(sign or b"", parts.encode(), hashlib.sha256).digest()
    return f"{parts}.{base64url.encode(sign or b'0')}"


def _algorithms() -> Iterator[Forgery]:
    """`none`, and the public key as the secret of an HMAC, under both versions' keys."""
    kid = f"{ISSUER}#jwt-1"
    public = jwt_signer().public_key
    secrets = {
        "PEM": pem_from_public_key(public).encode(),
        "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "JWK": write_json(jwk_from_public_key(public)).encode(),
        "nothing": b"",
    }
    for payload, pages in ((jwt_proof.claims_of(open_badge()), world), (signed_assertion(), world_2)):
        kind = "badge" if pages is world else "assertion"
        for alg in ("none", "None", "NONE", "nOnE", ""):
            yield _forged(f"{kind} alg {alg!r}", _compact({"alg": alg, "kid": kid}, payload, None), pages())
        for alg in ("HS256", "HS384", "HS512", "RS256"):
            for name, secret in secrets.items():
                text = _compact({"alg": alg, "kid": kid}, payload, secret, "hmac")
                yield _forged(f"{kind} {alg} with the {name} as secret", text, pages())
        for alg in ("RS384", "RS512", "PS256", "ES256", "EdDSA", "ES256K"):
            text = _compact({"alg": alg, "kid": kid}, payload, FOREIGN_JWT.sign(b"x"))
            yield _forged(f"{kind} {alg} with a foreign key", text, pages())


def _carried_keys() -> Iterator[Forgery]:
    """A token that brings the forger's key along."""
    claims = jwt_proof.claims_of(open_badge())
    jwk = jwk_from_public_key(FOREIGN_JWT.public_key)
    pages = world()
    pages.puts("https://attacker.example/jwk.json", jwk)
    pages.puts("https://attacker.example/jwks.json", {"keys": [{**jwk, "kid": "k", "iss": ISSUER}]})
    kids = [
        *(f"{ISSUER}#jwt-1", f"{ISSUER}#key-1", f"{ATTACKER}#jwt-1", "urn:x:1", ""),
        *("https://attacker.example/jwk.json", "https://attacker.example/jwks.json#k", "file:///etc/passwd"),
    ]
    for kid in kids:
        text = jwt_proof.sign_compact(claims, FOREIGN_JWT, {"kid": kid})
        yield _forged(f"kid {kid}", text, pages)
        yield _forged(
            f"jwk and kid {kid}", jwt_proof.sign_compact(claims, FOREIGN_JWT, {"kid": kid, "jwk": jwk}), pages
        )
    headers: list[JsonObject] = [
        {"jwk": jwk},
        {"jwk": {**jwk, "kid": f"{ISSUER}#jwt-1"}},
        {"jwk": {**jwk, "iss": ISSUER}},
        {"jku": "https://attacker.example/jwks.json", "kid": "k"},
        {"x5u": "https://attacker.example/chain.pem", "kid": f"{ISSUER}#jwt-1"},
        {"x5c": ["MII"], "kid": f"{ISSUER}#jwt-1"},
        {"kid": f"{ISSUER}#jwt-1", "crit": ["b64"], "b64": False},
    ]
    for number, header in enumerate(headers):
        parts = {"alg": "RS256", **header}
        body = ".".join(base64url.encode(write_json(part).encode()) for part in (parts, claims))
        yield _forged(
            f"header {number} {sorted(header)}", f"{body}.{base64url.encode(FOREIGN_JWT.sign(body.encode()))}", pages
        )
    private = ec.generate_private_key(ec.SECP256R1())
    parts = {"alg": "ES256", "jwk": jwk_from_public_key(private.public_key()), "kid": f"{ISSUER}#jwt-1"}
    body = ".".join(base64url.encode(write_json(part).encode()) for part in (parts, claims))
    first, second = utils.decode_dss_signature(private.sign(body.encode(), ec.ECDSA(SHA256())))
    raw = first.to_bytes(32) + second.to_bytes(32)
    yield _forged("ES256 with its own key", f"{body}.{base64url.encode(raw)}", pages)


def _embedded_keys() -> Iterator[Forgery]:
    """The forger's own key, named in every way that could look like the issuer's."""
    did_key = f"did:key:{FOREIGN_MULTIKEY}"
    methods = [
        *(f"{did_key}#{FOREIGN_MULTIKEY}", did_key, f"{ISSUER}#key-1", f"{ISSUER}#{FOREIGN_MULTIKEY}"),
        *(f"https://badges.example.org/issuers/recyclerie#{FOREIGN_MULTIKEY}", f"{ATTACKER}#key-1"),
        *(f"https://attacker.example/keys#{FOREIGN_MULTIKEY}", f"https://attacker.example/#{ISSUER}#key-1"),
        *(f"did:web:badges.example.org%2fattacker#{FOREIGN_MULTIKEY}", f"{ISSUER}/../x#key-1", f"{ISSUER}?a=b#key-1"),
    ]
    for pages in (world(), _attackers_pages()):
        for method in methods:
            signer = replace(FOREIGN_KEY, verification_method=method)
            for issuer in (ISSUER, HTTPS_ISSUER):
                document = changed(open_badge(), "issuer/id", issuer)
                name = f"{method} for {issuer}, {len(pages.answers)} pages"
                yield _forged(name, signed(document, signer), pages)


def _attackers_pages() -> World:
    """The forger publishes documents that claim the issuer's name."""
    key = {"type": "Multikey", "publicKeyMultibase": FOREIGN_MULTIKEY}
    pages = world()
    for place, identifier in (
        ("https://attacker.example/.well-known/did.json", ISSUER),
        ("https://attacker.example/keys", HTTPS_ISSUER),
        ("https://attacker.example/", ISSUER),
    ):
        entries = [
            {"id": f"{identifier}#key-1", "controller": identifier, **key},
            {"id": f"{place}#{FOREIGN_MULTIKEY}", "controller": identifier, **key},
            {"id": f"{ATTACKER}#key-1", "controller": identifier, **key},
        ]
        pages.puts(place, {"id": identifier, "verificationMethod": entries, "assertionMethod": entries})
    return pages


def _contexts() -> Iterator[Forgery]:
    """Contexts that would make signed words mean something else, under a proof that the forger makes or keeps."""
    good = signed(open_badge())
    tricks: list[object] = [
        {"name": "https://schema.org/name"},
        {"@vocab": "https://example.org/"},
        {"proof": None},
        {"issuer": "@nest"},
        {"id2": "@id"},
        "https://attacker.example/context.json",
        "https://w3id.org/security/undefined-terms/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
    ]
    for trick in tricks:
        contexts = [*good["@context"], trick]
        yield _forged(f"context {trick}, proof kept", {**good, "@context": contexts})
        yield _forged(f"context {trick} first, proof kept", {**good, "@context": [trick, *good["@context"]]})
        yield _forged(f"context {trick} in the subject", changed(good, "credentialSubject/@context", trick))
        text = token({**open_badge(), "@context": contexts})
        yield _forged(f"context {trick} in a token by a stranger", text.rsplit(".", 1)[0] + ".AAAA")
    for name in ("validUntil", "credentialStatus", "credentialSubject", "issuer"):
        document = copy.deepcopy(good)
        value = document.pop(name)
        yield _forged(f"{name} under its IRI", {**document, f"https://www.w3.org/2018/credentials#{name}": value})
        yield _forged(f"{name} taken away", document)
        yield _forged(f"{name} hidden in @included", {**document, "@included": [{name: value}]})
        yield _forged(f"{name} hidden in an unknown term", {**document, "hidden": {name: value}})
        yield _forged(f"{name} twice", write_json(good)[:-1] + f', "{name}": null}}')


def _places() -> Iterator[Forgery]:
    """Open Badges 2.0: pages elsewhere that name the issuer, and keys of others."""
    for url in (
        "https://attacker.example/a",
        "https://badges.example.attacker.example/a",
        "https://badges.example@attacker.example/a",
        "https://attacker.example/badges.example/",
        "https://badges.example:8443/x",
        "http://badges.example/ob2/assertions/x",
        "https://badges.example/other/../x",
        "https://badges.example.:443/x",
        "urn:uuid:1",
        "data:application/json,{}",
    ):
        document = {**hosted_assertion(), "id": url}
        pages = world_2()
        pages.puts(url, document)
        yield _forged(f"hosted at {url}", document, pages)
    yield from _strangers_documents()
    yield from _strangers_keys()


def _strangers_documents() -> Iterator[Forgery]:
    for url, document in (
        (ISSUER_URL, {**issuer_profile(), "id": "https://attacker.example/issuer"}),
        (ISSUER_URL, {**issuer_profile(), "verification": {"startsWith": "https://attacker.example/"}}),
        (ASSERTION_URL, {**hosted_assertion(), "id": "https://attacker.example/a"}),
        (ASSERTION_URL, {**hosted_assertion(), "verification": {"type": "SignedBadge"}}),
        (BADGE_URL, {**badge_class(), "issuer": issuer_profile()["name"]}),
    ):
        pages = world_2()
        pages.puts(url, document)
        told = [document["id"], document.get("verification"), document.get("issuer")]
        yield _forged(f"{url} answers {told}", hosted_assertion(), pages)


def _strangers_keys() -> Iterator[Forgery]:
    pem = pem_from_public_key(FOREIGN_JWT.public_key)
    foreign = {**key_document(), "id": "https://attacker.example/key", "publicKeyPem": pem}
    pages = world_2()
    pages.puts("https://attacker.example/key", foreign)
    for creator in (KEY_URL, "https://attacker.example/key", f"{KEY_URL}#other", "", None):
        document = changed(signed_assertion(), "verification/creator", creator)
        yield _forged(f"signed by a stranger as {creator}", jws(document, "foreign"), pages)
    own = world_2()
    own.puts(ISSUER_URL, {**issuer_profile(), "publicKey": ["https://attacker.example/key"]})
    own.puts("https://attacker.example/key", {**foreign, "owner": "https://attacker.example/issuer"})
    document = changed(signed_assertion(), "verification/creator", "https://attacker.example/key")
    yield _forged("signed with a listed key of another owner", jws(document, "foreign"), own)


def _lists() -> Iterator[Forgery]:
    """A withdrawn badge, and status lists that would hide it."""
    entry = open_badge()["credentialStatus"]
    index = int(entry["statusListIndex"])
    clean, set_list = status_list_document(), signed(status_list_document([index]))
    answers: dict[str, object] = {
        "the real list": set_list,
        "a clean list of a stranger": signed(clean, FOREIGN_KEY),
        "an unsigned clean list": clean,
        "a clean list with the proof of the set one": {**clean, "proof": set_list["proof"]},
        "a clean list of another issuer": signed({**clean, "issuer": ATTACKER}, FOREIGN_KEY),
        "another of its lists": signed({**clean, "id": f"{STATUS_URL}0"}),
        "an old list": signed({**clean, "validUntil": "2026-06-01T11:00:00Z"}),
        "a list for suspension": signed(changed(clean, "credentialSubject/statusPurpose", "suspension")),
        "a badge": signed(open_badge()),
        "nothing": b"",
        "an empty object": {},
    }
    for name, answer in answers.items():
        pages = world()
        pages.puts(STATUS_URL, answer)
        yield _forged(f"status: {name}", signed(open_badge()), pages)
        yield _forged(f"status of a token: {name}", token(open_badge()), pages)
    lost = world()
    lost.loses(STATUS_URL)
    yield _forged("status: no answer", signed(open_badge()), lost)


def _tokens() -> Iterator[Forgery]:
    """One proof for another document, and documents that say nothing of a proof."""
    good = signed(open_badge())
    listed = signed(status_list_document())
    yield _forged("the proof of its status list", {**open_badge(), "proof": listed["proof"]})
    yield _forged("no proof", open_badge())
    yield _forged("the proof as a JSON text", {**good, "proof": write_json(good["proof"])})
    yield _forged("a proof of proofs", {**good, "proof": [good["proof"]]})
    for member in good["proof"][0]:
        forged = {key: value for key, value in good["proof"][0].items() if key != member}
        yield _forged(f"a proof without {member}", {**good, "proof": [forged]})
    for purpose in ("authentication", "keyAgreement", "capabilityInvocation", ["assertionMethod"], None):
        yield _forged(f"proofPurpose {purpose}", _with_options(proofPurpose=purpose))
    yield _forged("an expired proof", _with_options(expires="2026-06-01T11:00:00Z"))


def _with_options(**options: object) -> JsonObject:
    """Signed by the issuer's own key, over options that do not allow it."""
    document = open_badge()
    proof = {**signed(document)["proof"][0], **options}
    proof.pop("proofValue")
    try:
        data = data_integrity.hash_data(document, proof)
    except BadgeError:
        return {**document, "proof": [{**proof, "proofValue": "z5"}]}
    value = "z" + base58.encode(KEY.sign(data))
    return {**document, "proof": [{**proof, "proofValue": value}]}
