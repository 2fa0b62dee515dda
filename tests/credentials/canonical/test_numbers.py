"""Numbers and JSON literals against RFC 8785's own samples and against JSON-LD's rules."""

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.canonical.numbers import XSD, canonical_double, canonical_json, number_literal


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        # RFC 8785, appendix B.
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_rfc_8785_numbers(bits: str, text: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(value) == text


def test_rfc_8785_sample() -> None:
    document = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    assert canonical_json(document) == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_utf_16() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(canonical_json(dict.fromkeys(keys, 0)))) == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_spelled_number_is_the_same_number(value: float) -> None:
    assert float(canonical_json(value)) == value
    # Sixteen digits: enough for all but the last bit (and, at the very end of the range, too many to read back).
    assert abs(value) > 1e300 or math.isclose(float(canonical_double(value)), value, rel_tol=1e-14, abs_tol=5e-324)


@pytest.mark.parametrize(
    ("value", "datatype", "expected"),
    [
        (5, None, ("5", "integer")),
        (5.0, None, ("5", "integer")),
        (-0.0, None, ("0", "integer")),
        (2.5, None, ("2.5E0", "double")),
        (49.4431, None, ("4.94431E1", "double")),
        (0.1, None, ("1.0E-1", "double")),
        (1e21, None, ("1.0E21", "double")),
        (1e20, None, ("100000000000000000000", "integer")),
        (5, f"{XSD}double", ("5.0E0", "double")),
        (5, f"{XSD}float", ("5", "float")),
        (2.5, f"{XSD}float", ("2.5E0", "float")),
        (-1.5e-7, None, ("-1.5E-7", "double")),
    ],
)
def test_number_literals(value: float, datatype: str | None, expected: tuple[str, str]) -> None:
    text, name = expected
    assert number_literal(value, datatype) == (text, f"{XSD}{name}")
