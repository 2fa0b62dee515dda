"""The bundled contexts are the pinned ones, byte for byte, and leave no way to define a term by accident."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from badges_server.credentials import contexts
from badges_server.credentials.errors import UnknownContextError
from badges_server.credentials.json_text import JsonValue, walk

DATA = Path(contexts.__file__).parent / "data"
FILES = sorted(DATA.iterdir())
TABLE = re.findall(r"^\| (\S+\.json) \|.*\| `([0-9a-f]{64})` \|", DATA.with_name("SOURCE.md").read_text(), re.MULTILINE)


def keywords(document: JsonValue) -> Iterator[object]:
    return (steps[-1] for steps, _value in walk(document) if steps)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_content_has_a_pinned_digest(file: Path) -> None:
    digest = hashlib.sha256(
        json.dumps(json.loads(file.read_bytes()), sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    assert digest in contexts.ACCEPTED_DIGESTS[file.name]


def test_bytes_are_those_of_the_source_table() -> None:
    assert dict(TABLE) == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FILES}
    assert contexts.ACCEPTED_DIGESTS.keys() == dict(TABLE).keys()


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
        ("data-integrity-v2.json", "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"),
        ("multikey-v1.json", "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"),
        ("jwk-v1.json", "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece"),
        ("open-badges-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"),
    ],
)
def test_bytes_are_those_that_the_standard_publishes(name: str, published: str) -> None:
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == published


@pytest.mark.parametrize("url", sorted(contexts.CONTEXT_URLS))
def test_every_known_url_loads(url: str) -> None:
    document = contexts.load_context(url)
    assert set(document) == {"@context"}
    document["@context"] = "changed"
    assert contexts.load_context(url)["@context"] != "changed", "callers may not change each other's copy"


@pytest.mark.parametrize("url", sorted(contexts.CONTEXT_URLS))
def test_no_context_hides_undefined_terms(url: str) -> None:
    assert not {"@vocab", "@import", "@base", "@propagate"} & set(keywords(contexts.load_context(url)))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/context.json",
        "https://www.w3.org/ns/credentials/v2/",
        "http://www.w3.org/ns/credentials/v2",
        "../data/credentials-v2.json",
        "",
    ],
)
def test_an_unknown_context_is_refused_and_named(url: str) -> None:
    with pytest.raises(UnknownContextError) as refusal:
        contexts.load_context(url)
    assert (refusal.value.code, refusal.value.value) == ("UNKNOWN_CONTEXT", url)


def test_a_changed_file_is_noticed() -> None:
    text = (DATA / "credentials-v2.json").read_text()
    contexts.require_pinned("credentials-v2.json", f"  {text}")
    with pytest.raises(UnknownContextError, match="not the pinned one"):
        contexts.require_pinned("credentials-v2.json", text.replace("#validUntil", "#validuntil"))
