"""Numbers and JSON literals as the standards spell them: JSON-LD 1.1 API (section 8.6) and RFC 8785 (JCS)."""

import json
import re
from decimal import Decimal
from typing import Final

from badges_server.credentials.json_text import JsonValue

XSD: Final = "http://www.w3.org/2001/XMLSchema#"

# At and above this, ECMAScript and JSON-LD switch to the exponent.
_LARGE: Final = 1e21
_LARGE_DIGITS: Final = 21


def number_literal(value: float, datatype: str | None) -> tuple[str, str]:
    """Give the lexical form and the datatype of a JSON number (JSON-LD 1.1 API, Object to RDF Conversion, step 10 on).

    ``5.0`` is 5: JSON has one kind of number. ``bool`` is not a number here.
    """
    is_whole = isinstance(value, int) or value.is_integer()
    if is_whole and abs(value) < _LARGE and datatype != f"{XSD}double":
        return str(int(value)), datatype or f"{XSD}integer"
    return canonical_double(value), datatype or f"{XSD}double"


def canonical_double(value: float) -> str:
    """Spell a double as ``xsd:double`` wants it: ``5.5`` is ``5.5E0``."""
    mantissa, exponent = f"{float(value):.15E}".split("E")
    return f"{re.sub(r'(?<=[0-9])0+$', '', mantissa)}E{int(exponent)}"


def canonical_json(value: JsonValue) -> str:
    """Write `value` as RFC 8785 (JSON Canonicalization Scheme) does."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical_json(key)}:{canonical_json(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical_json, value)) + "]"
    if isinstance(value, float):
        return _ecmascript_number(value)
    return json.dumps(value, ensure_ascii=False)


def _ecmascript_number(value: float) -> str:
    """Spell a double as ECMAScript's Number.prototype.toString does: its shortest digits, point or exponent placed."""
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    if not text:
        return "0"
    point = len(digits) + int(exponent)
    if -6 < point <= 0:
        spelled = f"0.{'0' * -point}{text}"
    elif 0 < point <= _LARGE_DIGITS:
        whole, fraction = text[:point].ljust(point, "0"), text[point:]
        spelled = f"{whole}.{fraction}" if fraction else whole
    else:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        spelled = f"{text[0]}{fraction}e{point - 1:+d}"
    return f"-{spelled}" if sign else spelled
