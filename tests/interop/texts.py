"""Texts as people and programs really write them, and as they should not: decided by a seed."""

from badges_server.credentials.entropy import Entropy

WORDS = (
    "atelier",
    "tri",
    "équipe",
    "sécurité",
    "Noël",
    "œuvre",
    "ménage",
    "forêt",
    "août",
    "garçon",
    "naïf",
    "chariot",
)
# Each of these has broken some JSON, JSON-LD or N-Quads writer.
AWKWARD = (
    "dit « oui », puis \"non\", puis 'peut-être'",
    "C:\\outils\\n°1\\u0041",
    "deux\nlignes",
    "fin de ligne\r\nde Windows",
    "retour\rseul",
    "une\ttabulation",
    " une espace devant, deux derrière  ",
    "e\u0301 décomposé, \u00e9 composé",
    "espace\u00a0insécable\u202ffine",
    "séparateurs\u2028de\u2029ligne",
    "commandes\u0080C1\u0085\u009f",
    "\u200fעברית\u200e et العربية",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 famille",
    "sans caractère\ufdd0\U0001fffe\U0010ffff",
    "\ufeffmarque d'ordre",
    "<b>gras</b> &amp; <!-- --> ]]>",
    "# titre\n\n- *point*\n\n```\ncode\n```",
    '{"@id": "_:b0", "@type": "@json"}',
    "_:c14n0",
    "<https://badges.example/> .",
    "https://badges.example/credentials/pas-un-lien",
    "did:web:badges.example#key-1",
    "true",
    "0",
    "1.0E0",
    "null",
    "2026-03-05T09:30:01Z",
    "%00 %2F %C3%A9",
    "\u0378 non attribué",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠀀 𪜶",
    "x" * 3000,
)
# Neither control characters nor the two that no text may hold: those are refused before anything is signed.
_REFUSED = {*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF}
PLANES = 17


def make_text(chance: Entropy) -> str:
    """Draw one text: plain words, an awkward one, characters of every plane, or all of them together."""
    makers = (_words, _awkward, _of_every_plane)
    kind = chance.below(4)
    if kind < len(makers):
        return makers[kind](chance)
    return " ".join(maker(chance) for maker in makers)


def make_texts(chance: Entropy, most: int) -> tuple[str, ...]:
    """Draw up to `most` different texts, or none."""
    return tuple(dict.fromkeys(make_text(chance) for _ in range(chance.below(most + 1))))


def make_character(chance: Entropy, plane: int) -> str:
    """Draw one character of a Unicode plane, assigned or not."""
    while (code := plane << 16 | chance.below(0x10000)) in _REFUSED:
        pass
    return chr(code)


def _words(chance: Entropy) -> str:
    return " ".join(WORDS[chance.below(len(WORDS))] for _ in range(1 + chance.below(6)))


def _awkward(chance: Entropy) -> str:
    return AWKWARD[chance.below(len(AWKWARD))]


def _of_every_plane(chance: Entropy) -> str:
    return "".join(make_character(chance, plane) for plane in range(PLANES))
