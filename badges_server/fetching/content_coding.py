"""An answer's body out of its content coding, never more than allowed: a small answer can unpack to gigabytes."""

import zlib

from badges_server.fetching.errors import EncodingRefusedError, TooLargeError

ACCEPTED_CODINGS = "gzip, identity"

_GZIP = 16 + zlib.MAX_WBITS


class BodyReader:
    """Collects the chunks of a body, decoded, up to `max_bytes` of them."""

    def __init__(self, coding: str, max_bytes: int) -> None:
        """Take the value of Content-Encoding.

        Raises:
            EncodingRefusedError: a coding that was not offered, or several.
        """
        coding = coding.strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip"):
            raise EncodingRefusedError("this content coding was not offered", value=coding[:60])
        self._gzip = zlib.decompressobj(_GZIP) if coding.endswith("gzip") else None
        self._max_bytes = max_bytes
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Add a chunk as it came over the wire.

        Raises:
            TooLargeError: the body, decoded, is larger than allowed.
            EncodingRefusedError: it is not gzip, or something follows the end of it.
        """
        room = self._max_bytes + 1 - len(self._body)
        self._body += chunk if self._gzip is None else self._unpack(chunk, room)
        if len(self._body) > self._max_bytes:
            raise TooLargeError(f"the answer is larger than {self._max_bytes} bytes")

    def whole(self) -> bytes:
        """The body, once everything was fed.

        Raises:
            EncodingRefusedError: the gzip stream was cut short.
        """
        if self._gzip is not None and not self._gzip.eof:
            raise EncodingRefusedError("the gzip stream ends before its end", value="gzip")
        return bytes(self._body)

    def _unpack(self, chunk: bytes, room: int) -> bytes:
        if self._gzip is None or self._gzip.eof:
            raise EncodingRefusedError("something follows the end of the gzip stream", value="gzip")
        try:
            unpacked = self._gzip.decompress(chunk, room)
        except zlib.error as error:
            raise EncodingRefusedError("the gzip stream is broken", value="gzip") from error
        if self._gzip.unused_data:
            raise EncodingRefusedError("something follows the end of the gzip stream", value="gzip")
        return unpacked
