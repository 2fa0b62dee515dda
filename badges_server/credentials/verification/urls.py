"""URLs out of strangers' documents, taken apart without ever raising: they may be anything."""

from urllib.parse import SplitResult, urlsplit


def is_http(url: str | None) -> bool:
    """Tell whether `url` can be fetched at all."""
    return url is not None and url.startswith(("https://", "http://"))


def without_fragment(url: str) -> str:
    """The document that `url` leads to, without the place in it."""
    return url.partition("#")[0]


def fragment_of(url: str) -> str:
    """The place in the document."""
    return url.partition("#")[2]


def parts_of(url: str) -> SplitResult | None:
    """Take an http(s) URL apart; None when it is none, or has a host or port that cannot be one."""
    try:
        parts = urlsplit(url)
        is_whole = parts.hostname is not None and (parts.port is None or parts.port >= 0)
    except ValueError:
        return None
    return parts if is_whole and is_http(url) else None
