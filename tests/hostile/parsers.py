"""Every reader of what strangers or operators hand in, each with real samples to damage."""

import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badges_server.credentials import did, jwt_proof, status_list
from badges_server.credentials.baking import png, svg
from badges_server.credentials.jose.jwk import jwk_from_public_key
from badges_server.credentials.json_text import parse_json, parse_json_object, write_json
from badges_server.credentials.received import read_container
from badges_server.credentials.verification_method import public_key_from_jwk
from badges_server.fetching.folder import FolderFetcher
from badges_server.services.awarding.csv_file.header import read_header
from badges_server.services.awarding.csv_file.lines import read_line
from badges_server.services.awarding.csv_file.records import BadRecord, read_records
from badges_server.storage.catalogue.reading import read_catalogue
from badges_server.storage.network_file import read_network
from tests.credentials.verification.world import (
    ASSERTION_URL,
    BADGE_URL,
    ISSUER,
    ISSUER_DID_URL,
    ISSUER_URL,
    KEY,
    KEY_URL,
    REVOCATIONS_URL,
    STATUS_URL,
    badge_class,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    key_document,
    open_badge,
    own_did_document,
    signed,
    signed_assertion,
    status_list_document,
    world,
    world_2,
)
from tests.hostile.sites import picture

ROOT = Path(__file__).resolve().parents[2]
_SVG = (ROOT / "badge_classes" / "bat-01.svg").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Parser:
    """One reader: it must read or refuse whatever `samples` were damaged into."""

    samples: Sequence[bytes]
    read: Callable[[bytes], object]


def _text(document: object) -> bytes:
    return write_json(document).encode()


def _token(data: bytes) -> None:
    received = read_container(data)
    unverified = jwt_proof.decode_unverified(received.text)
    jwt_proof.credential_of(unverified.payload)
    jwt_proof.check_claims(unverified.payload)
    jwt_proof.check_header(unverified.header)
    jwt_proof.verify(received.text, jwt_signer().public_key)


def _status_list(data: bytes) -> None:
    document = parse_json_object(data)
    subject = document.get("credentialSubject")
    if isinstance(subject, dict):
        entry = status_list.read_status_entry(open_badge()["credentialStatus"])
        status_list.status_value(entry, status_list.read_status_list(subject))


def _controller(data: bytes) -> None:
    document = parse_json_object(data)
    did.method_of(document, KEY.verification_method, controller=ISSUER)
    did.methods_of(document)


def _key_set(data: bytes) -> None:
    entries = parse_json_object(data).get("keys")
    for entry in entries if isinstance(entries, list) else []:
        public_key_from_jwk(entry)


def _badge(data: bytes) -> None:
    world().report(data)


def _list_in_report(data: bytes) -> None:
    made = world()
    made.puts(STATUS_URL, data)
    made.report(_SIGNED)


def _keys_in_report(data: bytes) -> None:
    made = world()
    made.puts(ISSUER_DID_URL, data)
    made.report(_SIGNED)


def _version_2(data: bytes) -> None:
    """Whatever it is: as what is handed in, and as each document behind it."""
    world_2().report(data)
    kind = bytes(data[:4000])
    for word, url in ((b"BadgeClass", BADGE_URL), (b"Issuer", ISSUER_URL), (b"RevocationList", REVOCATIONS_URL)):
        if word in kind:
            made = world_2()
            made.puts(url, data)
            made.report(_HOSTED if word != b"RevocationList" else _TOKEN_2)
            return
    made = world_2()
    made.puts(KEY_URL if b"publicKeyPem" in kind else ASSERTION_URL, data)
    made.report(_TOKEN_2 if b"publicKeyPem" in kind else _HOSTED)


def _award_file(data: bytes) -> None:
    records = read_records(io.BytesIO(data))
    header = read_header(next(records, None), issuer="recyclerie")
    for record in records:
        if not isinstance(record, BadRecord):
            read_line(record, header, issuer="recyclerie")


def _in_folder(folder: Path, name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def read_file(data: bytes) -> object:
        (folder / name).write_bytes(data)
        return read(folder)

    return read_file


def _documents(folder: Path) -> None:
    fetcher = FolderFetcher(folder)
    fetcher.fetch(STATUS_URL)


_SIGNED = signed(open_badge())
_HOSTED = hosted_assertion()
_TOKEN_2 = jws(signed_assertion())


def _jwks() -> dict[str, Any]:
    keys = [jwk_from_public_key(KEY.public_key), jwk_from_public_key(jwt_signer().public_key)]
    return {"keys": [{**key, "kid": f"key-{number}", "iss": ISSUER} for number, key in enumerate(keys)]}


def _award_lines() -> bytes:
    """The first lines of the example; more would only take longer."""
    return b"".join((ROOT / "examples" / "team.csv").read_bytes().splitlines(keepends=True)[:15])


def _catalogue(folder: Path) -> Parser:
    place = folder / "catalogue"
    (place / "pathways").mkdir(parents=True)
    source = ROOT / "badge_classes"
    shutil.copy(source / "bat-01.svg", place / "bat-01.svg")
    return Parser([(source / "bat-01.toml").read_bytes()], _in_folder(place, "bat-01.toml", read_catalogue))


def _pictures() -> tuple[Sequence[bytes], Sequence[bytes]]:
    credential, bare = write_json(_SIGNED), picture("https://badges.example/a")
    pngs = [bare, png.bake(bare, credential, png.KEYWORD_3), png.bake(bare, _TOKEN_2, png.KEYWORD_2)]
    svgs = [
        svg.bake(_SVG, credential, "3.0"),
        svg.bake(_SVG, write_json(_HOSTED), "2.0"),
        svg.bake(_SVG, _TOKEN_2, "2.0"),
    ]
    return pngs, [text.encode() for text in svgs]


def parsers(folder: Path) -> Mapping[str, Parser]:
    """All readers; those of files write them into `folder`."""
    pngs, svgs = _pictures()
    badge, assertion = _text(_SIGNED), _text(_HOSTED)
    documents = [badge_class(), issuer_profile(), key_document()]
    revocations = world_2(["urn:uuid:1"]).answers[REVOCATIONS_URL]
    index = {STATUS_URL: "list.json", ISSUER_DID_URL: {"file": "did.json", "status": 200}, ISSUER: {"status": 410}}
    (folder / "list.json").write_bytes(b"{}")
    return {
        "JSON text": Parser([badge, assertion, json.dumps(open_badge(), indent=1).encode()], parse_json),
        "compact JWS": Parser([jwt_proof.secure(open_badge(), jwt_signer()).encode()], _token),
        "PNG": Parser(pngs, read_container),
        "SVG": Parser(svgs, read_container),
        "status list": Parser([_text(status_list_document([5]))], _status_list),
        "did.json": Parser([_text(own_did_document())], _controller),
        "key set": Parser([_text(_jwks())], _key_set),
        "badge 3.0, verified": Parser([badge], _badge),
        "status list, verified": Parser([_text(signed(status_list_document()))], _list_in_report),
        "did.json, verified": Parser([_text(own_did_document())], _keys_in_report),
        "documents 2.0, verified": Parser(
            [assertion, *map(_text, documents), getattr(revocations, "body", b"")], _version_2
        ),
        "award file": Parser([_award_lines()], _award_file),
        "catalogue": _catalogue(folder),
        "network file": Parser(
            [(ROOT / "examples" / "network.toml").read_bytes()],
            _in_folder(folder, "network.toml", lambda place: read_network(place / "network.toml")),
        ),
        "index of documents": Parser([_text(index)], _in_folder(folder, "index.json", _documents)),
    }
