"""The demo, and serving what it built: on both loopback addresses, until it is told to stop."""

import json
import os
import re
import signal
import socket  # noqa: TID251  (to find a free port, and to take one)
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3  # noqa: TID251  (asks the server as a browser would)

from badges_server.settings import KNOWN
from tests.cli.running import INSTALLED, ROOT, SECONDS, Deployment, Warm, make_deployment

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
STATES = {"signed", "expired", "revoked"}


@dataclass(frozen=True)
class Demo:
    """A demo that was built, what it said, and the deployment from which `badges-server` is run there."""

    port: int
    said: dict[str, Any]
    here: Deployment

    @property
    def data_dir(self) -> str:
        return str(self.said["data_dir"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Demo:
    """Built where other settings lie around: none of them is the demo's."""
    here = make_deployment(tmp_path_factory.mktemp("demo"), warm)
    here.file(".env", "BADGES_NETWORK_BASE_URL=https://reseau.example\n")
    port = free_port()
    ran = here.run_installed("demo", "--once", "--json", "--port", str(port))
    assert (ran.code, ran.err) == (0, "")
    return Demo(port, ran.json, here)


def test_its_summary_has_the_shape_of_the_interface(demo: Demo) -> None:
    said, base_url = demo.said, f"http://localhost:{demo.port}"

    assert list(said) == ["base_url", "data_dir", "links", "credentials"]
    assert said["base_url"] == base_url
    assert Path(demo.data_dir).is_absolute()
    assert Path(demo.data_dir).parent == demo.here.folder / "var"
    assert list(said["links"]) == ["supervisor", "worker", "verify"]
    assert said["links"]["supervisor"] is None
    assert re.fullmatch(rf"{base_url}/mes-badges/offre/[\w-]{{32}}", said["links"]["worker"])
    assert re.fullmatch(rf"{base_url}/v/[2-9A-Z]{{10}}", said["links"]["verify"])
    assert len(said["credentials"]) == 47
    for one in said["credentials"]:
        assert list(one) == ["id", "code", "achievement", "recipient_ref", "issuer", "presentation", "state"]
        assert re.fullmatch(rf"{base_url}/credentials/{UUID}", one["id"])
        assert re.fullmatch(r"[2-9A-HJKMNP-Z]{10}", one["code"])
        assert all(isinstance(value, str) for value in one.values())
    assert {one["state"] for one in said["credentials"]} == STATES
    assert {one["presentation"] for one in said["credentials"]} == {"neutral", "named"}
    assert [one["state"] for one in said["credentials"]].count("revoked") == 1


def test_its_folder_is_private_and_says_everything(demo: Demo) -> None:
    folder = Path(demo.data_dir)

    modes = {path.name: f"{path.stat().st_mode & 0o777:o}" for path in [folder, *folder.iterdir()]}
    private = {name: mode for name, mode in modes.items() if not name.endswith(("-wal", "-shm"))}
    assert private == {
        folder.name: "700", "keys": "700", "settings.toml": "600", "passphrase": "600", "badges.sqlite3": "600",
        "person-keys.sqlite3": "600",
    }  # fmt: skip
    assert not (demo.here.folder / "badges.sqlite3").exists()
    settings = tomllib.loads((folder / "settings.toml").read_text(encoding="utf-8"))
    # Not one is left open to an `.env` or to the environment.
    assert {f"BADGES_{name.upper()}" for name in settings} == set(KNOWN)
    assert settings["network_base_url"] == settings["base_url"]


def test_again_in_the_same_folder_it_doubles_nothing(demo: Demo) -> None:
    ran = demo.here.run("demo", "--once", "--port", str(demo.port), "--data-dir", demo.data_dir)

    assert ran.code == 0
    assert re.search(r"^awards: 3 draft, 1 expired, 8 offered, 1 revoked, 45 signed$", ran.out, re.MULTILINE)
    assert "every signed badge verifies, as a stranger would check it" in ran.out
    for word in ("home", "revoked", "expired", "employer", "worker"):
        assert re.search(rf"^  {word} +http://localhost:{demo.port}/", ran.out, re.MULTILINE), word
    assert "▀" in ran.out
    assert {line.split(":")[0] for line in ran.err.splitlines()} == {"awarding", "verifying"}


def test_a_folder_belongs_to_its_port(demo: Demo) -> None:
    ran = demo.here.run("demo", "--once", "--port", "1", "--data-dir", demo.data_dir)

    assert (ran.code, ran.out) == (2, "")
    saying = f"{demo.data_dir} was made for http://localhost:{demo.port}: give that port, or another directory"
    assert ran.error == f"badges-server: {saying} (see badges-server demo --help)"


@contextmanager
def running(demo: Demo, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start `badges-server` with these words; whatever happens, it is gone at the end."""
    log = (demo.here.folder / "log").open("wb")
    process = subprocess.Popen(
        [str(INSTALLED), *words], cwd=demo.here.folder, env=demo.here.environment, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        log.close()
        for pid in [*descendants(process.pid), process.pid]:
            if process.poll() is None:
                os.kill(pid, signal.SIGKILL)
        process.wait()


def descendants(pid: int) -> list[int]:
    """Children, theirs, and so on, as the kernel lists them."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [found for child in children for found in (*descendants(int(child)), int(child))]


def is_running(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def wait_until_ready(pool: urllib3.PoolManager, url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            if pool.request("GET", f"{url}/readyz", timeout=2).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    raise AssertionError("it never became ready")


@pytest.mark.parametrize(
    ("words", "stop"),
    [
        (["serve", "--workers", "1"], signal.SIGTERM),
        (["demo"], signal.SIGINT),
    ],
    ids=["serve", "demo"],
)
def test_both_loopback_addresses_are_served_until_it_is_told_to_stop(
    demo: Demo, words: list[str], stop: signal.Signals
) -> None:
    command = [*words, "--port", str(demo.port), "--data-dir", demo.data_dir]
    one = next(one for one in demo.said["credentials"] if one["state"] == "signed")
    with running(demo, *command) as process, urllib3.PoolManager(retries=False) as pool:
        for host in ("127.0.0.1", "[::1]", "localhost"):
            url = f"http://{host}:{demo.port}"
            wait_until_ready(pool, url, process)
            assert pool.request("GET", url).status == 200
            answer = pool.request("GET", f"{url}/credentials/{one['id'].rpartition('/')[2]}.json")
            assert json.loads(answer.data)["id"] == one["id"]
        children = descendants(process.pid)
        assert len(children) >= 4

        # The connections above are still open: a browser would keep them, too.
        start = time.monotonic()
        process.send_signal(stop)
        code = process.wait(SECONDS)
        took = time.monotonic() - start

        assert code == 0
        assert took < 10
        assert [child for child in children if is_running(child)] == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken(demo: Demo, address: str, command: str) -> None:
    before = sorted(path.name for path in demo.here.folder.glob("var/*"))
    with socket.create_server((address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET) as taken:
        port = taken.getsockname()[1]
        place = ["--data-dir", demo.data_dir] if command == "serve" else []
        ran = demo.here.run(command, "--port", str(port), *place)

    assert (ran.code, ran.out) == (3, "")
    saying = f"{address}: cannot listen on port {port} (Address already in use): stop what is there, or choose another"
    assert ran.error == f"badges-server: {saying} with --port"
    assert sorted(path.name for path in demo.here.folder.glob("var/*")) == before


@pytest.mark.parametrize("started", [1, 4], ids=["first child", "workers still importing"])
def test_a_signal_that_comes_early_leaves_nobody_behind(demo: Demo, started: int) -> None:
    command = ["serve", "--port", str(demo.port), "--data-dir", demo.data_dir, "--workers", "1"]
    with running(demo, *command) as process:
        deadline = time.monotonic() + SECONDS
        while len(children := descendants(process.pid)) < started and time.monotonic() < deadline:
            time.sleep(0.005)

        process.terminate()

        assert process.wait(10) == 0
        assert len(children) >= started
        assert [child for child in children if is_running(child)] == []


def test_a_folder_without_a_demo(demo: Demo) -> None:
    ran = demo.here.run("serve", "--data-dir", ROOT / "examples")

    saying = f"{ROOT}/examples holds no settings.toml: make one with badges-server demo --data-dir {ROOT}/examples"
    assert (ran.code, ran.out) == (2, "")
    assert ran.error == f"badges-server: {saying}"
