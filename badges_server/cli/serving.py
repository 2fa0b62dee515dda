"""Running the WSGI server (granian), one process group per address, and passing signals on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from badges_server.cli.output import UNDETERMINED

GRACE_SECONDS = 10


def serve(addresses: Sequence[str], port: int, workers: int, settings_file: Path | None) -> int:
    """Serve on every one of `addresses` until a signal; give the exit code.

    The first address must work. The others may be missing (a machine without IPv6): then they are done without.
    """
    environment = {**os.environ}
    if settings_file:
        environment["BADGES_SETTINGS_FILE"] = str(settings_file.resolve())
    children = [_start(address, port, workers, environment) for address in addresses]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    code = children[0].wait()
    for child in children[1:]:
        child.terminate()
        _wait(child)
    return UNDETERMINED if code > 0 else 0


def _start(address: str, port: int, workers: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning"),
        "badges_server.wsgi:application",
    ]
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603  (our own interpreter)


def _wait(child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    if child.poll() is None:
        child.kill()
