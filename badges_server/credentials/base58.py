"""Base58 in Bitcoin's alphabet, as multibase ``z`` uses it (Controlled Identifiers 1.0, section 2.4)."""

from typing import Final

from badges_server.credentials.errors import MalformedValueError

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS: Final = {character: value for value, character in enumerate(_ALPHABET)}

# Decoding takes quadratic time; keys and signatures are far shorter.
MAXIMUM_LENGTH: Final = 1024


def encode(data: bytes) -> str:
    """Write bytes; each leading zero byte is one ``1``."""
    number = int.from_bytes(data)
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _ALPHABET[0] * zeros + text


def decode(text: str) -> bytes:
    """Read what `encode` writes.

    Raises:
        MalformedValueError: a character outside of the alphabet, or more than `MAXIMUM_LENGTH` of them.
    """
    if len(text) > MAXIMUM_LENGTH:
        raise MalformedValueError(f"more than {MAXIMUM_LENGTH} base58 characters", value=len(text))
    number = 0
    for character in text:
        digit = _DIGITS.get(character)
        if digit is None:
            raise MalformedValueError("not base58", value=character)
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
