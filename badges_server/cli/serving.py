"""Running the WSGI server (granian), one process group per address, and passing signals on."""

import errno
import os
import signal
import socket  # noqa: TID251  (to ask whether a port is free; nothing is said or heard through it)
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import ClassVar

from badges_server.cli.output import DONE, UNDETERMINED
from badges_server.credentials.errors import BadgeError
from badges_server.settings import PREFIX

LOOPBACK = ("127.0.0.1", "::1")
# What `badges_server.wsgi` reads beside the settings themselves.
SETTINGS_FILE = "BADGES_SETTINGS_FILE"
GRACE_SECONDS = 8
POLL_SECONDS = 0.1
# A machine without IPv6 has no such address.
NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


class ListeningError(BadgeError):
    """Nobody can listen there now."""

    code: ClassVar[str] = "LISTENING"
    passing: ClassVar[bool] = True


def free_addresses(addresses: Sequence[str], port: int) -> list[str]:
    """Find those of `addresses` where we can listen; only the first one must exist.

    Raises:
        ListeningError: the port is taken on one of them, or not ours to take.
    """
    found = []
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            socket.create_server((address, port), family=family).close()
        except OSError as error:
            if address != addresses[0] and error.errno in NO_SUCH_ADDRESS:
                continue
            reason = (error.strerror or str(error)).partition(" (")[0]
            raise ListeningError(
                f"cannot listen on port {port} ({reason}): stop what is there, or choose another with --port",
                path=address,
            ) from error
        found.append(address)
    return found


def environment_with(file: Path | None, *, alone: bool = False) -> dict[str, str]:
    """Make the environment in which workers read what this process has read.

    `file`: of `--settings`, if any. `alone`: it says everything, and no setting of this environment may change it.
    """
    kept = {name: value for name, value in os.environ.items() if not (alone and name.startswith(PREFIX))}
    kept.pop(SETTINGS_FILE, None)
    return kept | {SETTINGS_FILE: str(file.resolve())} if file else kept


def serve(addresses: Sequence[str], port: int, workers: int, environment: Mapping[str, str]) -> int:
    """Serve on every one of `addresses` until a signal, or until one of them ends; give the exit code."""
    asked_to_stop: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked_to_stop.append(number)

    # Before the first child, so that none is ever left behind by a signal that came early.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children = [_start(address, port, workers, environment) for address in addresses]
    while not asked_to_stop and all(child.poll() is None for child in children):
        time.sleep(POLL_SECONDS)
    _end(children)
    return DONE if asked_to_stop else UNDETERMINED


def _start(address: str, port: int, workers: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port)),
        *("--workers", str(workers), "--workers-kill-timeout", str(GRACE_SECONDS - 1)),
        *("--blocking-threads", "1", "--no-ws", "--log-level", "warning", "badges_server.wsgi:application"),
    ]
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603  (our own interpreter)


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """End them and their workers: in order if they can, and by force when their time is up."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    while any(child.poll() is None for child in children) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    for child in children:
        # Each leads a process group of its own: the workers of one that was killed must not outlive it.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
