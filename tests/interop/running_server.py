"""A real server in processes of its own: the demo, built and served by the command line, asked over HTTP."""

import json
import os
import socket  # noqa: TID251  (to find a free port)
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3  # noqa: TID251  (a stranger to the server)

from badges_server.credentials.json_text import JsonObject

COMMAND = str(Path(sys.executable).parent / "badges-server")
STARTING_SECONDS = 60
STOPPING_SECONDS = 15
# What the operator of this machine has set is not for the servers of tests.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("BADGES_")}
_POOL = urllib3.PoolManager(retries=False, timeout=20)


@dataclass(frozen=True)
class Issued:
    """One line of what `demo --json` says of its credentials."""

    id: str
    code: str
    achievement: str
    recipient_ref: str
    issuer: str
    presentation: str
    state: str

    @property
    def uuid(self) -> str:
        return self.id.rpartition("/")[2]


@dataclass(frozen=True)
class RunningServer:
    """A demo that answers on this machine.

    Attributes:
        issued: as they were when it started.
        spent: what `spare` has given away, to be revoked.
    """

    base_url: str
    folder: Path
    issued: tuple[Issued, ...]
    spent: set[str] = field(default_factory=set)

    @property
    def settings(self) -> Path:
        return self.folder / "settings.toml"

    def one(self, state: str, presentation: str = "neutral") -> Issued:
        """The first credential in that state, so presented."""
        return next(one for one in self.issued if (one.state, one.presentation) == (state, presentation))

    def spare(self, presentation: str = "neutral") -> Issued:
        """A signed credential that no other test looks at: the last one so presented, each time another."""
        found = next(
            one
            for one in reversed(self.issued)
            if (one.state, one.presentation) == ("signed", presentation) and one.id not in self.spent
        )
        self.spent.add(found.id)
        return found

    def revoke(self, issued: Issued, reason: str) -> None:
        """Take a credential back, from the command line."""
        done = run(["revoke", issued.code, "--reason", reason], self.folder, settings=self.settings)
        assert done.returncode == 0, done.stderr.decode()

    def get(self, url: str, **headers: str) -> urllib3.BaseHTTPResponse:
        """GET a path of the server, or a whole URL of it."""
        return _POOL.request("GET", url if "://" in url else self.base_url + url, headers=_names(headers))

    def json(self, url: str, accept: str = "application/json") -> JsonObject:
        """GET a JSON object."""
        response = self.get(url, accept=accept)
        assert response.status == 200, f"{url}: {response.status}"
        document: Any = json.loads(response.data)
        assert isinstance(document, dict)
        return document


def run(arguments: Sequence[str], folder: Path, *, settings: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as an operator does, in `folder`."""
    given = ["--settings", str(settings)] if settings else []
    return subprocess.run(
        [COMMAND, *given, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, timeout=120, check=False
    )


@contextmanager
def running_demo(folder: Path) -> Iterator[RunningServer]:
    """Build the demo in `folder`, serve it on a free port, and stop it at the end."""
    port = _free_port()
    data = folder / "demo"
    built = run(["demo", "--once", "--json", "--data-dir", str(data), "--port", str(port)], folder)
    assert built.returncode == 0, built.stderr.decode()
    summary = json.loads(built.stdout)
    assert summary["base_url"] == f"http://localhost:{port}"
    command = [COMMAND, "serve", "--data-dir", str(data), "--port", str(port), "--workers", "1"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=log, stderr=log)
    try:
        _wait_until_ready(process, summary["base_url"], folder / "serve.log")
        yield RunningServer(summary["base_url"], data, tuple(Issued(**one) for one in summary["credentials"]))
    finally:
        _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], base_url: str, log: Path) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if _POOL.request("GET", f"{base_url}/readyz", timeout=2).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"the server is not ready: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPPING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
