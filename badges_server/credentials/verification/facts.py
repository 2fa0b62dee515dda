"""Everything a verdict rests on, gathered beforehand: judging itself asks nobody and reads no clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from badges_server.credentials.errors import BadgeError, ParsingError
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.received import Received

OK = 200


@dataclass(frozen=True)
class Answer:
    """What a URL answered.

    Attributes:
        status: HTTP status code.
        url: where the answer came from in the end, after redirects; empty: from the URL itself.
    """

    status: int
    body: bytes
    url: str = ""


@dataclass(frozen=True)
class Failure:
    """Why a URL did not answer."""

    code: str
    detail: str


@dataclass(frozen=True)
class Want:
    """A document that judging needs, and the forms it may come in (an Accept header)."""

    url: str
    accept: str = "application/ld+json, application/json;q=0.9"


@dataclass(frozen=True)
class Recipient:
    """Who the badge should belong to, known from elsewhere: a kind of identifier and its value."""

    type: str
    value: str


class NotRetrievedError(BadgeError):
    """A document that the check needs is not among the facts."""

    code = "NOT_RETRIEVED"


@dataclass(frozen=True)
class Facts:
    """What was received, and every document that it leads to.

    Attributes:
        received: the credential as it came, or why nothing could be read.
        documents: by URL without fragment; a URL that is not here was not asked.
        now: the moment to judge at, aware UTC.
        allow_loopback_http: did:web on this machine is on http; for trials on one machine only.
    """

    received: Received | BadgeError
    now: datetime
    documents: Mapping[str, Answer | Failure] = field(default_factory=dict)
    recipient: Recipient | None = None
    allow_loopback_http: bool = False

    def answer(self, url: str) -> Answer:
        """What `url` answered, whatever the status.

        Raises:
            NotRetrievedError: nothing.
        """
        found = self.documents.get(url)
        if isinstance(found, Answer):
            return found
        reason = f" ({found.code}: {found.detail})" if found else ""
        raise NotRetrievedError(f"{url} could not be had{reason}")

    def body(self, url: str) -> bytes:
        """The document behind `url`.

        Raises:
            NotRetrievedError: there is none: no answer, or another status than 200.
        """
        answer = self.answer(url)
        if answer.status != OK:
            raise NotRetrievedError(f"{url} answered {answer.status}")
        return answer.body

    def json(self, url: str) -> JsonObject:
        """The JSON object behind `url`.

        Raises:
            NotRetrievedError: there is no document.
            ParsingError: it is no JSON object.
        """
        try:
            return parse_json_object(self.body(url))
        except ParsingError as error:
            raise ParsingError(f"{url} is no JSON object: {error.message}", path=error.path) from error


def shown(value: object) -> str:
    """Write a value of a stranger's document into a sentence: as JSON, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 120 else f"{text[:117]}…"
