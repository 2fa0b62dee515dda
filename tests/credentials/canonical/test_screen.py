"""The structural screen: each bound at its last accepted value and one beyond."""

import time

import pytest

from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.canonical.screen import LIMITS, Limits, screen
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonObject, JsonValue

SMALL = Limits(depth=4, objects=3, values=10, values_of_a_property=3, types_of_an_object=2, string_length=5)


@pytest.mark.parametrize(
    ("document", "path", "message"),
    [
        ({"a": [[[[]]]]}, "$.a[0][0][0]", "deeper than 4"),
        ({"a": [[[{}]]]}, "$.a[0][0][0]", "deeper than 4"),
        ({"a": {}, "b": {}, "c": {}}, "$.a", "too many objects"),
        ({"a": [1, 2, 3], "b": [1, 2, 3], "c": [1, 2]}, "$.a[1]", "too many values"),
        ({"a": [1, 2, 3, 4]}, "$.a", "too many values of one property"),
        ({"type": ["a", "b", "c"]}, "$.type", "too many types"),
        ({"a": {"@type": ["a", "b", "c"]}}, '$.a["@type"]', "too many types"),
        ({"a": "123456"}, "$.a", "a string too long"),
        ({"123456": 1}, '$["123456"]', "a string too long"),
    ],
)
def test_what_is_out_of_bounds_is_refused_with_its_path(document: JsonObject, path: str, message: str) -> None:
    screen(document)
    with pytest.raises(MalformedValueError, match=message) as refusal:
        screen(document, SMALL)
    assert (refusal.value.code, refusal.value.path) == ("MALFORMED_VALUE_ERROR", path)


@pytest.mark.parametrize(
    "document",
    [{"a": [[[]]]}, {"a": {}, "b": {}}, {"a": [1, 2, 3], "b": [1, 2, 3]}, {"type": ["a", "b"]}, {"12345": "12345"}],
)
def test_what_is_just_in_bounds_passes(document: JsonObject) -> None:
    screen(document, SMALL)


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0xFFFE, 0xFFFF, 0xD800, 0xDFFF])
def test_characters_that_implementations_escape_differently(code: int) -> None:
    if chr(code) in "\n\r\t":
        screen({"a": f"x{chr(code)}y"})
        return
    for document, place in (({"a": [f"x{chr(code)}"]}, "$.a[0]"), ({f"x{chr(code)}": 1}, "$")):
        with pytest.raises(MalformedValueError, match="must not be signed") as refusal:
            screen(document)
        assert refusal.value.value == f"U+{code:04X}"
        assert refusal.value.path is not None
        assert refusal.value.path.startswith(place)


@pytest.mark.parametrize("text", ["\x80", "\xa0", "é", "\u2028", "\ufffd", "\U0001f393", "\U0010fffd"])
def test_other_characters_pass(text: str) -> None:
    screen({"a": text})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "not a JSON number"),
        (float("inf"), "not a JSON number"),
        (2**53, "beyond 2"),
        (-(2**53), "beyond 2"),
        (b"bytes", "not a JSON value"),
        ((1, 2), "not a JSON value"),
    ],
)
def test_values_that_are_no_json(value: JsonValue, message: str) -> None:
    with pytest.raises(MalformedValueError, match=message) as refusal:
        screen({"a": {"b": value}})
    assert refusal.value.path == "$.a.b"


def test_keys_and_the_document_itself() -> None:
    with pytest.raises(MalformedValueError, match="no string"):
        screen({1: "a"})  # type: ignore[dict-item]
    with pytest.raises(MalformedValueError, match="object is expected"):
        canonicalize(["a"])  # type: ignore[arg-type]


def test_integers_up_to_the_last_exact_one_pass() -> None:
    screen({"a": [2**53 - 1, -(2**53) + 1, True, None, 0.5]})


def test_depth_is_screened_without_recursion() -> None:
    document: JsonObject = {}
    for _level in range(100_000):
        document = {"a": document}
    with pytest.raises(MalformedValueError, match=f"deeper than {LIMITS.depth}"):
        screen(document)


@pytest.mark.parametrize("count", [4_000, 1_000_000])
def test_a_crowd_of_values_is_refused_at_once(open_badge: JsonObject, count: int) -> None:
    open_badge["credentialSubject"]["achievement"]["tag"] = [f"tag {n}" for n in range(count)]
    started = time.process_time()
    with pytest.raises(MalformedValueError, match="too many values of one property"):
        canonicalize(open_badge)
    assert time.process_time() - started < 0.1
