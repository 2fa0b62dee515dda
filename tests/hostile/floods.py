"""Small inputs that cost much, each with what must refuse it: decompression bombs, floods of values, poison graphs."""

import base64
import gzip
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from badges_server.credentials.baking import png
from badges_server.credentials.canonical.nquads import Quad
from badges_server.credentials.canonical.rdfc import canonicalize_quads
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.jose.jwk import jwk_from_public_key
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.jwt_proof import secure
from badges_server.credentials.verification import Outcome
from badges_server.fetching.content_coding import BodyReader
from tests.credentials.verification.world import (
    ISSUER,
    ISSUER_DID_URL,
    STATUS_URL,
    jwt_signer,
    open_badge,
    signed,
    status_list_document,
    world,
)

MEGABYTE = 1024 * 1024

# What refused it: check and code of a report, or the code of an error.
Told = set[str]


@dataclass(frozen=True)
class Flood:
    """One flood; `attack` gives what was told, and `refusal` must be among it."""

    attack: Callable[[], Told]
    refusal: str


def judged(data: bytes | str | JsonObject, **pages: bytes | JsonObject) -> Callable[[], Told]:
    """Verify `data` as the service does; `pages` replace the issuer's document (`keys`) or its list (`status`)."""
    places = {"keys": ISSUER_DID_URL, "status": STATUS_URL}

    def attack() -> Told:
        made = world()
        for name, page in pages.items():
            made.puts(places[name], page)
        findings = made.report(data).findings
        return {f"{finding.check}: {finding.code}" for finding in findings if finding.outcome is Outcome.FAILED}

    return attack


def erring(act: Callable[[], object]) -> Callable[[], Told]:
    """The same for what raises."""

    def attack() -> Told:
        try:
            act()
        except BadgeError as error:
            return {error.code}
        return set()

    return attack


def badge(**changes: object) -> JsonObject:
    return {**signed(open_badge()), **changes}


def _with_achievement(**changes: object) -> JsonObject:
    document = badge()
    document["credentialSubject"] = {**document["credentialSubject"]}
    document["credentialSubject"]["achievement"] = {**document["credentialSubject"]["achievement"], **changes}
    return document


def _with_proof(**changes: object) -> JsonObject:
    document = badge()
    return {**document, "proof": [{**document["proof"][0], **changes}]}


def _nested(depth: int) -> JsonObject:
    inner: JsonObject = {"type": ["Achievement"]}
    for _ in range(depth):
        inner = {"type": ["Achievement"], "related": inner}
    return inner


def _list(encoded: str) -> JsonObject:
    document = status_list_document()
    document["credentialSubject"] = {**document["credentialSubject"], "encodedList": encoded}
    return signed(document)


def _packed(size: int) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(size), 9)).decode().rstrip("=")


def _bomb(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


def _unpacked(packed: bytes, limit: int = MEGABYTE) -> Callable[[], Told]:
    def act() -> None:
        reader = BodyReader("gzip", limit)
        for start in range(0, len(packed), 16_384):
            reader.feed(packed[start : start + 16_384])

    return erring(act)


def _chunk(kind: bytes, data: bytes, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return struct.pack(">I", size) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(*chunks: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return png.SIGNATURE + head + b"".join(chunks) + _chunk(b"IDAT", zlib.compress(b"\0\0")) + _chunk(b"IEND", b"")


def _compressed_text(keyword: bytes) -> bytes:
    return _chunk(b"iTXt", keyword + b"\0\1\0\0\0" + zlib.compress(bytes(100 * MEGABYTE), 9))


def _svg(inside: str, before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()


def _laughs() -> str:
    names = "abcdefghij"
    lines = [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names)]
    return f'<!DOCTYPE svg [<!ENTITY a "ha">{"".join(lines)}]>'


def _clique(size: int) -> Callable[[], Told]:
    nodes = [f"_:n{number}" for number in range(size)]
    quads = [Quad(a, "<https://example.org/p>", b, "") for a in nodes for b in nodes if a != b]
    return erring(lambda: canonicalize_quads(quads))


def _clique_flood(size: int) -> Flood:
    return Flood(_clique(size), "WORK_BUDGET_EXCEEDED")


def _alike_quads(count: int) -> Callable[[], Told]:
    quads = [Quad(f"_:a{n % 50_000}", "<https://example.org/p>", f"_:b{n % 7}", "") for n in range(count)]
    return erring(lambda: canonicalize_quads(quads))


def _token_key(**jwk: object) -> Callable[[], Told]:
    entry = {"id": f"{ISSUER}#jwt-1", "type": "JsonWebKey", "controller": ISSUER}
    entry["publicKeyJwk"] = {**jwk_from_public_key(jwt_signer().public_key), **jwk}  # type: ignore[assignment]
    keys = {"id": ISSUER, "verificationMethod": [entry], "assertionMethod": [entry["id"]]}
    return judged(secure(open_badge(), jwt_signer()), keys=keys)


def _number(size: int) -> str:
    return base64.urlsafe_b64encode(b"\xff" * size).decode().rstrip("=")


def _endorsed(count: int) -> JsonObject:
    inner = {**signed(open_badge()), "type": ["VerifiableCredential", "EndorsementCredential"]}
    inner["evidence"] = [{"type": ["Evidence"], "name": "x"}] * 190
    return badge(endorsement=[inner] * count)


_LARGE_TEXT = json.dumps("x" * (MEGABYTE - 200))
_VALUES = ",".join(['"x"'] * 200_000)
_OBJECTS = ",".join(['{"a":1}'] * 100_000)
_PARSE, _STRUCTURE = "parse: PARSING_ERROR", "structure: MALFORMED_VALUE_ERROR"
_KEY = "proof: CRYPTOGRAPHIC_SECURITY_ERROR"

FLOODS: Mapping[str, Callable[[], Flood]] = {
    # JSON
    "100,000 open arrays": lambda: Flood(judged(b'{"a":' + b"[" * 100_000), _PARSE),
    "100,000 open objects": lambda: Flood(judged(b'{"a":' * 100_000), _PARSE),
    "depth 63": lambda: Flood(judged(badge(evidence=_nested(60))), _STRUCTURE),
    "200,000 values": lambda: Flood(judged(f'{{"x":[{_VALUES}]}}'), _PARSE),
    "100,000 objects": lambda: Flood(judged(f'{{"x":[{_OBJECTS}]}}'), _PARSE),
    "15,000 values": lambda: Flood(judged(badge(evidence=["x"] * 15_000)), _STRUCTURE),
    "5,900 objects": lambda: Flood(judged(badge(evidence=[{"a": 1}] * 5_900)), _STRUCTURE),
    "4,000 values of one property": lambda: Flood(judged(_with_achievement(tag=["x"] * 4_000)), _STRUCTURE),
    "a string of 1 MB": lambda: Flood(
        judged(f'{{"@context":[],"name":{_LARGE_TEXT}}}'.encode()), "type: MALFORMED_VALUE_ERROR"
    ),
    "600 contexts": lambda: Flood(judged(badge(**{"@context": open_badge()["@context"] * 200})), _STRUCTURE),
    "400 types": lambda: Flood(judged(badge(type=["OpenBadgeCredential"] * 400)), _STRUCTURE),
    "5,000 keys": lambda: Flood(judged(badge(**{f"k{n}": 1 for n in range(5_000)})), "json_ld: UNSAFE_JSON_LD"),
    "a number of 500,000 digits": lambda: Flood(judged(b'{"a":' + b"1" * 500_000 + b"}"), _PARSE),
    "500,000 escapes": lambda: Flood(judged(b'{"a":"' + b"\\" * 500_000), _PARSE),
    "million quotes": lambda: Flood(judged(b'{"a":' + b'"' * 1_000_000), _PARSE),
    "2 MB": lambda: Flood(judged(b"{" + b" " * 2 * MEGABYTE + b"}"), _PARSE),
    # Proofs and keys
    "400 proofs": lambda: Flood(
        judged(badge(proof=signed(open_badge())["proof"] * 400)), "proof: MALFORMED_VALUE_ERROR"
    ),
    "a proofValue of 500,000 characters": lambda: Flood(
        judged(_with_proof(proofValue="z" + "2" * 500_000)), "proof: MALFORMED_VALUE_ERROR"
    ),
    "a did:key of 500,000 characters": lambda: Flood(
        judged(_with_proof(verificationMethod="did:key:z" + "2" * 500_000)), "proof: MALFORMED_VALUE_ERROR"
    ),
    "a did:jwk of 500,000 characters": lambda: Flood(
        judged(_with_proof(verificationMethod="did:jwk:" + "e" * 500_000)), "proof: MALFORMED_VALUE_ERROR"
    ),
    "a JWS of 1 MB": lambda: Flood(judged(b"A" * 500_000 + b"." + b"A" * 400_000 + b".AA"), _PARSE),
    "a JWS of 3 MB": lambda: Flood(judged(b"A." * 1 + b"A" * 3_000_000 + b".AA"), _PARSE),
    "RSA with a huge exponent": lambda: Flood(_token_key(e=_number(256)), "proof: MALFORMED_VALUE_ERROR"),
    "RSA with a long exponent": lambda: Flood(_token_key(e=_number(255)), _KEY),
    "RSA of 65,536 bits": lambda: Flood(_token_key(n=_number(8_192)), _KEY),
    "RSA of 4 million bits": lambda: Flood(_token_key(n=_number(500_000)), _KEY),
    "RSA of 16 bits": lambda: Flood(_token_key(n=_number(2)), "proof: MALFORMED_VALUE_ERROR"),
    "a key document of 15,000 values": lambda: Flood(
        judged(badge(), keys={"id": ISSUER, "assertionMethod": ["x"] * 15_000}), _KEY
    ),
    # Status lists
    "a status list of 200 MB": lambda: Flood(
        judged(badge(), status=_list(_packed(200 * MEGABYTE))), "status: MALFORMED_VALUE_ERROR"
    ),
    # HTTP
    "a body of 500 MB": lambda: Flood(_unpacked(_bomb(500 * MEGABYTE)), "ANSWER_TOO_LARGE"),
    "a picture's body of 100 MB": lambda: Flood(_unpacked(_bomb(100 * MEGABYTE), 5 * MEGABYTE), "ANSWER_TOO_LARGE"),
    # Pictures
    "PNG: compressed text of 100 MB": lambda: Flood(judged(_png(_compressed_text(b"openbadges"))), _PARSE),
    "PNG: the same in 3.0": lambda: Flood(judged(_png(_compressed_text(b"openbadgecredential"))), _PARSE),
    "PNG: zTXt of 100 MB": lambda: Flood(
        judged(_png(_chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(bytes(100 * MEGABYTE), 9)))), _PARSE
    ),
    "PNG: a chunk of 4 GB": lambda: Flood(judged(_png(_chunk(b"iTXt", b"openbadges\0", 2**32 - 1))), _PARSE),
    "PNG: 400,000 chunks": lambda: Flood(judged(_png(*[_chunk(b"teSt", b"")] * 400_000)), _PARSE),
    "PNG: 6 MB": lambda: Flood(judged(_png(_chunk(b"teSt", bytes(6 * MEGABYTE)))), _PARSE),
    "SVG: billion laughs": lambda: Flood(judged(_svg("&j;", _laughs())), _PARSE),
    "SVG: external entity": lambda: Flood(
        judged(_svg("&a;", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>')), _PARSE
    ),
    "SVG: parameter entity": lambda: Flood(
        judged(_svg("", '<!DOCTYPE svg [<!ENTITY % a SYSTEM "https://127.0.0.1/"> %a;]>')), _PARSE
    ),
    "SVG: depth 200,000": lambda: Flood(judged(_svg("<g>" * 200_000)), _PARSE),
    "SVG: 300,000 elements": lambda: Flood(judged(_svg("<g/>" * 300_000)), _PARSE),
    "SVG: 200,000 attributes": lambda: Flood(
        judged(_svg("<g " + " ".join(f'a{n}=""' for n in range(200_000)) + "/>")), _PARSE
    ),
    "SVG: 6 MB": lambda: Flood(judged(_svg("x" * 6 * MEGABYTE)), _PARSE),
    # Graphs
    **{f"a clique of {size}": partial(_clique_flood, size) for size in (8, 9, 10, 12, 20, 50, 100)},
    "many nodes alike": lambda: Flood(_alike_quads(10_000), "WORK_BUDGET_EXCEEDED"),
    "10 endorsements of 190 equal values": lambda: Flood(judged(_endorsed(10)), "endorsements: MALFORMED_VALUE_ERROR"),
}
