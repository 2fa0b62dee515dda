"""What a fetch gives, and what anything that fetches can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

JSON = "application/json"
# A credential in any form, the embedded proof first, which says most.
CREDENTIAL = (
    "application/vc, application/vc+ld+json, application/ld+json;q=0.9, application/json;q=0.8, "
    "application/vc+jwt;q=0.7, text/plain;q=0.5, image/png;q=0.4, image/svg+xml;q=0.4"
)


@dataclass(frozen=True)
class Fetched:
    """One complete answer.

    Attributes:
        url: where the answer came from in the end, after redirects.
        status: HTTP status code; never a redirect.
        headers: names in lower case.
        body: decoded from its content coding.
    """

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        """The media type, in lower case and without parameters; empty when not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Retriever(Protocol):
    """Anything that turns a URL into an answer: the guarded fetcher, a folder of documents, a budget around either."""

    def fetch(self, url: str, accept: str = JSON) -> Fetched:
        """Fetch the document behind `url`.

        Raises:
            FetchError: it could not be had; the kind says why. An answer such as 404 or 410 is no error.
        """
        ...
