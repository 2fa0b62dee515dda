"""What is served: bytes, what they are, how long they may be kept. The web adds headers and nothing else."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from hashlib import sha256
from typing import Literal

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, write_json

JSON = "application/json"
JSON_LD = "application/ld+json"
CREDENTIAL_JSON_LD = "application/vc+ld+json"
CREDENTIAL_JSON = "application/vc"
COMPACT_TEXT = "text/plain"
COMPACT_CREDENTIAL = "application/vc+jwt"
KEY_SET = "application/jwk-set+json"
PNG = "image/png"
SVG = "image/svg+xml"

PictureFormat = Literal["png", "svg"]

# Every identifier in our addresses is made of these; a database is never asked for anything else.
_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}", re.ASCII)


class NotPublishedError(BadgeError):
    """Nothing public is there: unknown, not accepted, withdrawn and erased are one answer."""

    code = "NOT_PUBLISHED"


class Freshness(Enum):
    """How long others may keep a copy without asking again.

    A person's documents are asked for anew each time, so that an erasure reaches every cache. A revocation must be
    seen within a minute. Definitions and keys change rarely.
    """

    PERSONAL = "no-cache"
    STATUS = "public, max-age=30"
    KEYS = "public, max-age=300"
    DEFINITION = "public, max-age=600"


@dataclass(frozen=True)
class Publication:
    """One thing that a reader may fetch.

    Attributes:
        media_type: without parameters.
        file_name: what a reader saves it as; tells nothing about anybody.
        is_gone: it was taken back; `body` says so (OB 2.0, section 4.1.6: 410 Gone).
    """

    body: bytes
    media_type: str
    freshness: Freshness
    file_name: str | None = None
    is_gone: bool = False

    @cached_property
    def etag(self) -> str:
        """Names these very bytes."""
        return sha256(self.body).hexdigest()[:32]

    @property
    def is_personal(self) -> bool:
        """Whether it is about one person, and kept out of search engines."""
        return self.freshness is Freshness.PERSONAL


def json_publication(document: JsonObject, media_type: str, freshness: Freshness) -> Publication:
    """Publish a document that is not signed itself."""
    return Publication(write_json(document).encode(), media_type, freshness)


def text_publication(text: str, media_type: str, freshness: Freshness, file_name: str | None = None) -> Publication:
    """Publish a text exactly as it was signed."""
    return Publication(text.encode(), media_type, freshness, file_name)


def plain_name(text: str) -> str:
    """Give `text` back when it can be an identifier of ours.

    Raises:
        NotPublishedError: it cannot, so nothing is there.
    """
    if not _NAME.fullmatch(text):
        raise NotPublishedError("no such thing")
    return text
