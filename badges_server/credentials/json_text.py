"""JSON as text: the strict reading of what strangers send, and the one writing that we sign, store and serve.

RFC 8259 leaves duplicate keys, huge numbers, depth and lone surrogates to the reader; two readers that differ on them
see two credentials behind one signature. So they are refused here, before anything else looks.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from badges_server.credentials.errors import ParsingError

JsonValue: TypeAlias = Any
JsonObject: TypeAlias = dict[str, JsonValue]

MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_DEPTH = 64
# Far above every honest list; each of them costs every reader after this one.
MAXIMUM_VALUES = 16_000
MAXIMUM_CONTAINERS = 6_000
MAXIMUM_INTEGER_DIGITS = 20
MAXIMUM_NUMBER_CHARACTERS = 64

# One token: a whole string (or what is left of an unterminated one), or a bracket. Possessive, so linear on any input.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def parse_json(text: bytes | str, *, max_bytes: int = MAXIMUM_BYTES, max_depth: int = MAXIMUM_DEPTH) -> JsonValue:
    """Read one JSON text strictly (RFC 8259), within `max_bytes` (UTF-8), `max_depth` levels and the limits of values.

    Raises:
        ParsingError: not UTF-8, too long, too deep, too many values, not JSON, a duplicate key, NaN or Infinity, a
            number too long, or a lone surrogate; its `path` is a JSON path, or ``offset N`` where the text could not be
            read so far.
    """
    content = _decode(text, max_bytes)
    _check_depth(content, max_depth)
    _check_values(content)
    reader = _Reader()
    try:
        document = reader.read(content)
    except json.JSONDecodeError as error:
        raise ParsingError(f"not JSON: {error.msg}", path=f"offset {error.pos}") from error
    reader.refuse_flaws(document)
    if _SURROGATE_ESCAPE.search(content):
        _refuse_lone_surrogates(document)
    return document


def parse_json_object(
    text: bytes | str, *, max_bytes: int = MAXIMUM_BYTES, max_depth: int = MAXIMUM_DEPTH
) -> JsonObject:
    """Read one JSON object, as `parse_json` does.

    Raises:
        ParsingError: see `parse_json`; or the text holds something else than an object.
    """
    document = parse_json(text, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(document, dict):
        raise ParsingError("a JSON object is expected", value=type(document).__name__, path="$")
    return document


def write_json(document: JsonValue) -> str:
    """Write `document` in the one form that is signed and stored: compact, keys in their order, no ASCII escapes."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def json_path(steps: Iterable[str | int]) -> str:
    """Write the place reached by `steps` from the root, like ``$.credentialSubject.result[0]["@id"]``."""
    return "$" + "".join(_step(step) for step in steps)


def path_of(document: JsonValue, target: object) -> str:
    """Find where the very object `target` (not an equal one) stands in `document`; ``$`` when it does not."""
    for steps, value in walk(document):
        if value is target:
            return json_path(steps)
    return "$"


def walk(document: JsonValue) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Go through `document` and all that it holds, in reading order, each with the steps that lead there."""
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while pending:
        steps, value = pending.pop()
        yield steps, value
        if isinstance(value, dict):
            pending.extend(((*steps, key), value[key]) for key in reversed(value))
        elif isinstance(value, list):
            pending.extend(((*steps, index), value[index]) for index in reversed(range(len(value))))


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_KEY.fullmatch(step) else f"[{json.dumps(step, ensure_ascii=True)}]"


def _decode(text: bytes | str, max_bytes: int) -> str:
    try:
        data = text.encode() if isinstance(text, str) else bytes(text)
        content = data.decode()
    except UnicodeError as error:
        raise ParsingError("not UTF-8", path=f"offset {getattr(error, 'start', 0)}") from error
    if len(data) > max_bytes:
        raise ParsingError(f"longer than {max_bytes} bytes", value=len(data))
    return content


def _check_depth(content: str, max_depth: int) -> None:
    """Count brackets outside of strings: a parser that recurses must never meet what is deeper."""
    if content.count("[") + content.count("{") <= max_depth:
        return
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(content):
        bracket = token.group()
        if bracket in "[{":
            depth += 1
            if depth > max_depth:
                raise ParsingError(f"deeper than {max_depth} levels", path=f"offset {token.start()}")
        elif bracket in "]}":
            depth -= 1


def _check_values(content: str) -> None:
    """Count commas and opening brackets outside of strings; at first everywhere, which is quicker and mostly enough."""
    if content.count(",") < MAXIMUM_VALUES and content.count("[") + content.count("{") <= MAXIMUM_CONTAINERS:
        return
    bare = _STRING.sub("", content)
    if bare.count(",") >= MAXIMUM_VALUES:
        raise ParsingError(f"more than {MAXIMUM_VALUES} values", path="$")
    if bare.count("[") + bare.count("{") > MAXIMUM_CONTAINERS:
        raise ParsingError(f"more than {MAXIMUM_CONTAINERS} objects and arrays", path="$")


@dataclass
class _Flaw:
    """Stands in the parsed document where something must be refused, so that its path can be told."""

    message: str
    value: object


@dataclass
class _Reader:
    has_flaws: bool = False

    def read(self, content: str) -> JsonValue:
        return json.loads(
            content,
            object_pairs_hook=self._object,
            parse_int=self._number(int, MAXIMUM_INTEGER_DIGITS),
            parse_float=self._number(float, MAXIMUM_NUMBER_CHARACTERS),
            parse_constant=lambda name: self._flaw(f"{name} is not JSON", name),
        )

    def refuse_flaws(self, document: JsonValue) -> None:
        """Raise for the first flaw in reading order."""
        if not self.has_flaws:
            return
        # There is one in it: a flaw that a duplicate key has overwritten made that key a flaw.
        steps, flaw = next((steps, value) for steps, value in walk(document) if isinstance(value, _Flaw))
        raise ParsingError(flaw.message, value=flaw.value, path=json_path(steps))

    def _flaw(self, message: str, value: object) -> _Flaw:
        flaw = _Flaw(message, value)
        self.has_flaws = True
        return flaw

    def _object(self, pairs: list[tuple[str, Any]]) -> JsonObject:
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                members[key] = self._flaw("duplicate key", key)
            seen.add(key)
        return members

    def _number(self, kind: Callable[[str], int | float], limit: int) -> Callable[[str], object]:
        def parse(text: str) -> object:
            if len(text.lstrip("-")) > limit:
                return self._flaw("number with too many digits", f"{text[:limit]}…")
            number = kind(text)
            return number if math.isfinite(number) else self._flaw("number too large", text)

        return parse


def _refuse_lone_surrogates(document: JsonValue) -> None:
    for steps, value in walk(document):
        texts = value.keys() if isinstance(value, dict) else [value] if isinstance(value, str) else []
        if any(_SURROGATE.search(text) for text in texts):
            raise ParsingError("lone surrogate", path=json_path(steps))
