"""Files that only their owner may touch: written whole or not at all, refused when others could read them."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from badges_server.credentials.errors import BadgeError

FILE_MODE = 0o600
FOLDER_MODE = 0o700
_OTHERS = 0o077
_OTHERS_WRITE = 0o022


class KeyFileError(BadgeError):
    """A key file is missing, is there already, or cannot be read or written."""

    code: ClassVar[str] = "KEY_FILE_ERROR"


class KeyFileModeError(KeyFileError):
    """Others than the owner could read or replace a key; nothing is signed until that is mended."""

    code: ClassVar[str] = "KEY_FILE_MODE"


def write_private(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600, in folders of mode 0700; whole and on disk when this returns.

    Raises:
        KeyFileError: the file exists already, or cannot be written.
    """
    try:
        # One by one: `parents=True` alone would give the upper folder whatever the umask leaves.
        path.parent.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        path.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        _link(_draft(path, content), path)
        _sync_folder(path.parent)
        _sync_folder(path.parent.parent)
    except OSError as error:
        raise KeyFileError(f"the key file cannot be written ({error.strerror})", path=str(path)) from error


def read_private(path: Path) -> bytes:
    """Read a file that nobody but its owner may read.

    Raises:
        KeyFileModeError: others can read or change it, or its folder.
        KeyFileError: it is missing, not a plain file, or cannot be read.
    """
    _refuse_wide(path.parent, stat.S_IMODE(_status(path.parent).st_mode))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise KeyFileError("the key file is missing: restore it from its backup, or rotate", path=str(path)) from error
    except OSError as error:
        raise KeyFileError(f"the key file cannot be read ({error.strerror})", path=str(path)) from error
    with os.fdopen(descriptor, "rb") as file:
        # The mode of what was opened, not of what may by now stand under that name.
        _refuse_wide(path, stat.S_IMODE(os.fstat(descriptor).st_mode))
        return file.read()


def remove_private(path: Path) -> None:
    """Overwrite and remove a file; one that is not there is fine.

    Raises:
        KeyFileError: it is there and cannot be removed.
    """
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise KeyFileError(f"the key file cannot be removed ({error.strerror})", path=str(path)) from error


def wide_modes(folder: Path) -> Iterator[KeyFileModeError]:
    """Find every key file, and every folder of them, that others than the owner can reach."""
    if not folder.is_dir():
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & _OTHERS_WRITE:
        yield _mode_error(folder, mode, FOLDER_MODE)
    for path in sorted([*folder.glob("*/"), *folder.glob("*/*.pem")]):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            yield _mode_error(path, mode, FOLDER_MODE if path.is_dir() else FILE_MODE)


def _refuse_wide(path: Path, mode: int) -> None:
    if mode & _OTHERS:
        raise _mode_error(path, mode, FOLDER_MODE if path.is_dir() else FILE_MODE)


def _mode_error(path: Path, mode: int, right: int) -> KeyFileModeError:
    return KeyFileModeError(
        f"mode {mode:04o} lets others in: run `chmod {right:04o} {path}`", value=f"{mode:04o}", path=str(path)
    )


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise KeyFileError(f"the key folder cannot be read ({error.strerror})", path=str(path)) from error


def _draft(path: Path, content: bytes) -> Path:
    """Write `content` beside `path`, under a name of its own, mode 0600."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    return Path(name)


def _link(draft: Path, path: Path) -> None:
    """Give the draft its name; a link fails where a rename would silently replace a key."""
    try:
        os.link(draft, path)
    except FileExistsError as error:
        raise KeyFileError("there is a key of this name already; choose the next name", path=str(path)) from error
    finally:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    """A new name is on disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
