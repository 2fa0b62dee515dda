"""Words that would tell that somebody was in a return-to-work programme; no neutral public output may hold one.

Whole words, in French and English, whatever their case, accents, apostrophes, hyphens and escapes.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

FORBIDDEN = (
    "insertion",
    "réinsertion",
    "chantier d’insertion",
    "intérim d’insertion",
    "SIAE",
    "IAE",
    "ACI",
    "ETTI",
    "EITI",
    "GEIQ",
    "EBE",
    "CDDI",
    "PASS IAE",
    "COORACE",
    "en parcours",
    "éloigné de l’emploi",
    "éloignée de l’emploi",
    "éloignés de l’emploi",
    "éloignées de l’emploi",
    "demandeur d’emploi",
    "demandeuse d’emploi",
    "demandeurs d’emploi",
    "demandeuses d’emploi",
    "sans emploi",
    "chômage",
    "chômeur",
    "chômeuse",
    "RSA",
    "work integration",
    "labour market integration",
    "labor market integration",
    "social integration enterprise",
    "reintegration",
    "return to work",
    "back to work",
    "job seeker",
    "jobseeker",
    "unemployed",
    "unemployment",
    "jobless",
    "joblessness",
    "welfare recipient",
)

_WORD = re.compile(r"[a-z0-9]+")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
# Keys, signatures and packed lists are no words, yet may hold « -ACI- » by chance.
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.DOTALL)
_OPAQUE = re.compile(r"[A-Za-z0-9_-]{40,}")
# The name of an algorithm in a JWK (RFC 7518, section 6.1), and nothing else.
_KEY_TYPE = re.compile(r'"kty"\s*:\s*"RSA"')


def find_forbidden(text: str, extra: Iterable[str] = ()) -> list[str]:
    """List the forbidden words that `text` holds, as `FORBIDDEN` and `extra` write them, in that order.

    Args:
        text: any public output: a page, a document, a file name, a URL.
        extra: more words or names, such as the members' own.
    """
    words = _words(_without_opaque(text))
    return [phrase for phrase in (*FORBIDDEN, *extra) if _holds(words, _words(phrase))]


def _holds(words: list[str], phrase: list[str]) -> bool:
    length = len(phrase)
    if not length:
        return False
    return any(_is_phrase(words[place : place + length], phrase) for place in _places(words, phrase[0]))


def _places(words: list[str], first: str) -> Iterator[int]:
    return (place for place, word in enumerate(words) if word in (first, f"{first}s"))


def _is_phrase(words: list[str], phrase: list[str]) -> bool:
    """Tell whether `words` are `phrase`, each in the singular or with a plural s."""
    return len(words) == len(phrase) and all(
        word in (expected, f"{expected}s") for word, expected in zip(words, phrase, strict=True)
    )


def _words(text: str) -> list[str]:
    """Cut `text` into plain lower-case words, undoing the escapes of JSON, HTML and URLs."""
    text = _JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    text = unicodedata.normalize("NFKD", html.unescape(unquote(text)))
    return _WORD.findall("".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf")).casefold())


def _without_opaque(text: str) -> str:
    text = _KEY_TYPE.sub(" ", _PEM.sub(" ", text))
    return _OPAQUE.sub(lambda match: " " if _is_opaque(match[0]) else match[0], text)


def _is_opaque(text: str) -> bool:
    """Tell a random token from a long hyphenated name: the first mixes capitals, small letters and digits."""
    return any(map(str.isupper, text)) and any(map(str.islower, text)) and any(map(str.isdigit, text))
