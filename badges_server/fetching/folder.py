"""Documents from a folder instead of the network: `verify --documents DIR`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from badges_server.credentials.errors import ParsingError
from badges_server.credentials.json_text import JsonValue, parse_json_object
from badges_server.fetching.errors import NotProvidedError, TooLargeError
from badges_server.fetching.fetched import JSON, Fetched

INDEX = "index.json"
MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_PICTURE_BYTES = 5 * 1024 * 1024
_OK = 200
_PICTURES: Mapping[str, str] = MappingProxyType({".png": "image/png", ".svg": "image/svg+xml"})


@dataclass(frozen=True)
class _Entry:
    file: str | None
    status: int


class FolderFetcher:
    """Answers from ``DIR/index.json``, which maps each URL to a file name or to ``{"file": …, "status": 410}``.

    Nothing is ever fetched: a URL that the index does not name could not be had.
    """

    def __init__(self, folder: Path) -> None:
        """Read the index.

        Raises:
            ParsingError: it is missing, not JSON, or an entry is neither form or points out of the folder.
        """
        self._folder = folder
        try:
            text = (folder / INDEX).read_bytes()
        except OSError as error:
            raise ParsingError(f"cannot be read: {error.strerror}", path=str(folder / INDEX)) from error
        self._entries: Mapping[str, _Entry] = {
            url: _entry(url, value) for url, value in parse_json_object(text).items()
        }

    def fetch(self, url: str, accept: str = JSON) -> Fetched:
        """Read the document of `url`, its fragment left off.

        Raises:
            NotProvidedError: the index does not name it, or its file cannot be read.
            TooLargeError: the file is larger than a fetched answer may be.
        """
        entry = self._entries.get(url) or self._entries.get(url.partition("#")[0])
        if entry is None:
            raise NotProvidedError(f"the folder's {INDEX} does not name this URL", value=url)
        return Fetched(url=url.partition("#")[0], status=entry.status, body=self._read(entry, accept))

    def _read(self, entry: _Entry, accept: str) -> bytes:
        if entry.file is None:
            return b""
        path = self._folder / entry.file
        limit = _limit(entry.file, accept)
        try:
            with path.open("rb") as file:
                body = file.read(limit + 1)
        except OSError as error:
            raise NotProvidedError(f"cannot be read: {error.strerror}", value=entry.file) from error
        if len(body) > limit:
            raise TooLargeError(f"larger than {limit} bytes", value=entry.file)
        return body


def _entry(url: str, value: JsonValue) -> _Entry:
    given = {"file": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or not given or not set(given) <= {"file", "status"}:
        raise ParsingError("a file name, or an object with file and status, is expected", path=url)
    file, status = given.get("file"), given.get("status", _OK)
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        raise ParsingError("status is an HTTP status from 200 to 599", value=status, path=url)
    if file is not None and (not isinstance(file, str) or not _stays_inside(file)):
        raise ParsingError("file is the name of a file inside of the folder", value=file, path=url)
    return _Entry(file, status)


def _limit(name: str, accept: str) -> int:
    """As for answers of the network: a picture is larger than a document, where one was asked for."""
    media_type = _PICTURES.get(Path(name).suffix.lower())
    return MAXIMUM_PICTURE_BYTES if media_type is not None and media_type in accept else MAXIMUM_BYTES


def _stays_inside(name: str) -> bool:
    path = Path(name)
    return bool(name) and "\0" not in name and not path.is_absolute() and ".." not in path.parts
