"""Two readers of one text must never see two documents: the strict reading, the one writing, and JSON paths."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.errors import ParsingError
from badges_server.credentials.json_text import json_path, parse_json, parse_json_object, path_of, write_json

texts = st.text(st.characters(codec="utf-8"))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**19), 10**19) | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)  # fmt: skip


@given(json_values)
def test_what_is_written_is_read_again(document: object) -> None:
    text = write_json(document)
    assert parse_json(text) == document == parse_json(text.encode())


def test_one_writing() -> None:
    document = {"b": ["é", {}], "a": 1.5, "\u2028": None}
    assert write_json(document) == '{"b":["é",{}],"a":1.5,"\u2028":null}'


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ('{"id":"a","id":"b"}', "$.id", "duplicate key"),
        ('{"id":"a","i\\u0064":"b"}', "$.id", "duplicate key"),
        ('{"a":[{},{"b":1,"b":1}]}', "$.a[1].b", "duplicate key"),
        ('{"a":{"b":1,"b":1},"a":2}', "$.a", "duplicate key"),
        ('{"@context":{"x y":1,"x y":2}}', '$["@context"]["x y"]', "duplicate key"),
        ('{"a":[1,NaN]}', "$.a[1]", "NaN is not JSON"),
        ("-Infinity", "$", "-Infinity is not JSON"),
        ('{"a":1e999}', "$.a", "number too large"),
        ('{"a":123456789012345678901}', "$.a", "number with too many digits"),
        ('{"a":0.' + "1" * 70 + "}", "$.a", "number with too many digits"),
        ('{"a":"\\ud800"}', "$.a", "lone surrogate"),
        ('["\\udc00\\ud800"]', "$[0]", "lone surrogate"),
        ('{"a":{"\\ud800":1}}', "$.a", "lone surrogate"),
        ("[" * 65 + "]" * 65, "offset 64", "deeper than 64 levels"),
        ('{"a":' * 100_000, "offset 320", "deeper than 64 levels"),
        ('["[[[[", ' + "[" * 64 + "]" * 64 + "]", "offset 72", "deeper than 64 levels"),
        ("[" + "1," * 16_000 + "1]", "$", "more than 16000 values"),
        ("[" + "{}," * 6_000 + "1]", "$", "more than 6000 objects and arrays"),
        ("", "offset 0", "not JSON"),
        ("{'a':1}", "offset 1", "not JSON"),
        ("[1,]", "offset 3", "not JSON"),
        ("[01]", "offset 2", "not JSON"),
        ('["\x01"]', "offset 2", "not JSON"),
        ("[1] [2]", "offset 4", "not JSON"),
        ('{"a":1', "offset 6", "not JSON"),
        ('"abc\\', "offset 0", "not JSON"),
        ("\ufeff{}", "offset 0", "not JSON"),
        ("[1]\x00", "offset 3", "not JSON"),
    ],
)
def test_an_ambiguous_or_broken_text_is_refused_and_the_place_told(text: str, path: str, message: str) -> None:
    with pytest.raises(ParsingError, match=message) as refusal:
        parse_json(text)
    assert (refusal.value.code, refusal.value.path) == ("PARSING_ERROR", path)


@pytest.mark.parametrize("data", [b'{"a":"\xff"}', b'"\xc0\xaf"', b'"\xed\xa0\x80"', '"é"'.encode("utf-16"), "\ud800"])
def test_only_utf_8_is_read(data: bytes | str) -> None:
    with pytest.raises(ParsingError, match="not UTF-8"):
        parse_json(data)


def test_commas_in_a_text_are_no_values() -> None:
    text = '["' + "," * 40_000 + '"]'

    assert parse_json(text) == ["," * 40_000]
    assert parse_json(text.replace(",", "[")) == ["[" * 40_000]
    assert len(parse_json("[" + "1," * 15_999 + "1]")) == 16_000


def test_the_length_is_counted_in_bytes() -> None:
    assert parse_json('"éé"', max_bytes=6) == "éé"
    with pytest.raises(ParsingError, match="longer than 5 bytes"):
        parse_json('"éé"', max_bytes=5)


def test_paired_surrogate_escapes_are_one_character() -> None:
    assert parse_json('"\\ud83c\\udf93"') == "\U0001f393"


@pytest.mark.parametrize("text", ['"' + '\\"' * 500_000, "[" * 500_000, '"' * 500_000, "{" * 9 + '"\\' * 400_000])
def test_a_hostile_text_costs_linear_time(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ParsingError):
        parse_json(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("text", ["[]", '"{}"', "1", "null"])
def test_an_object_is_asked_for(text: str) -> None:
    assert parse_json_object('{"a":1}') == {"a": 1}
    with pytest.raises(ParsingError, match="a JSON object is expected"):
        parse_json_object(text)


def test_paths() -> None:
    inner: dict[str, object] = {}
    document = {"a": [{}, {"b c": inner}]}
    assert path_of(document, inner) == '$.a[1]["b c"]' == json_path(("a", 1, "b c"))
    assert path_of(document, {}) == "$"
