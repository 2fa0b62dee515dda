"""Words of strangers, made fit to be shown: one line, cut, and nothing in them that moves the words around."""

import unicodedata
from urllib.parse import unquote, urlsplit

LONGEST = 160


def shortened(text: str, limit: int = LONGEST) -> str:
    """Put `text` on one line of at most `limit` characters, without control and direction signs."""
    # Category C: controls, surrogates, private use, and the signs that turn the reading direction around.
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text[: 8 * limit])
    words = " ".join(plain.split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def host_of(identifier: str | None) -> str | None:
    """Name the host that an issuer's identifier stands on: of an https URL or a did:web; none for any other."""
    if identifier is None:
        return None
    if identifier.startswith("did:web:"):
        return shortened(unquote(identifier.removeprefix("did:web:").partition(":")[0])) or None
    try:
        parts = urlsplit(identifier)
        host = parts.hostname if parts.scheme in ("https", "http") else None
    except ValueError:
        return None
    return shortened(host) if host else None
