"""Who asks, and how what they send is taken in."""

import io
from typing import IO
from urllib.parse import urlsplit

from flask import Request, request

from badges_server.web.access import current_server


class InMemoryRequest(Request):
    """A request whose uploads stay in memory: what strangers hand in never touches the disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        # The whole request has a largest size, read before any of it.
        return io.BytesIO()


def is_from_here() -> bool:
    """Tell whether the browser says that a form comes from a page of ours; a browser that says nothing may."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin)[:2] == urlsplit(current_server().addresses.base_url)[:2]
