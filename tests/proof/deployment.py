"""A deployment of its own in a folder, worked through the command line only, as an operator would."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from badges_server.storage.database import Database
from tests.databases import Supplier, postgresql_supplier

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).parent / "badges-server")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("BADGES_")}
SECONDS = 900


@dataclass(frozen=True)
class Deployment:
    """Settings, keys and databases in one folder.

    Attributes:
        database: for looking on; the commands open their own.
    """

    folder: Path
    database: Database

    @property
    def settings(self) -> Path:
        return self.folder / "settings.toml"

    @property
    def log(self) -> Path:
        """What the started processes have said."""
        return self.folder / "killed.log"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end."""
        return subprocess.run(
            self._command(arguments), cwd=ROOT, env=ENVIRONMENT, capture_output=True, timeout=SECONDS, check=False
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own, so that `kill` reaches all of it and nothing else."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command(arguments), cwd=ROOT, env=ENVIRONMENT, stdout=log, stderr=log, start_new_session=True
            )

    def install(self) -> None:
        """Database, keys, catalogue, and the sample network."""
        done = self.run("init", "--network", str(ROOT / "examples" / "network.toml"))
        assert done.returncode == 0, done.stderr.decode()

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return [COMMAND, "--settings", str(self.settings), *arguments]


def kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` a process that `start` made, with its children."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def deployed(folder: Path, supplier: Supplier) -> Iterator[Deployment]:
    """A new deployment on a database of its own; the database is dropped at the end."""
    url = supplier.fresh(folder, migrated=False)
    passphrase = folder / "passphrase"
    passphrase.write_text("what the keys of this drill are locked with")
    passphrase.chmod(0o600)
    settings = {
        "base_url": "http://localhost:8000",
        "secret_key": "the secret key of a drill, nobody's own",
        "key_passphrase_file": str(passphrase),
        "database_url": url,
        "person_keys_url": f"sqlite:///{folder / 'person-keys.sqlite3'}",
        "keys_dir": str(folder / "keys"),
        "catalogue_dir": str(ROOT / "badge_classes"),
    }
    (folder / "settings.toml").write_text(
        "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
    )
    database = Database(url)
    try:
        yield Deployment(folder, database)
    finally:
        database.close()
        supplier.drop(url)


class SqliteFiles:
    """Gives URLs of SQLite files that do not exist yet."""

    def fresh(self, folder: Path, *, migrated: bool) -> str:  # noqa: ARG002
        return f"sqlite:///{folder / 'badges.sqlite3'}"

    def drop(self, url: str) -> None:
        """The folder is removed by whoever made it."""


@contextmanager
def supplier_of(kind: str) -> Iterator[Supplier]:
    """Where databases of that kind come from: `sqlite` or `postgresql`."""
    if kind == "sqlite":
        yield SqliteFiles()
        return
    with postgresql_supplier() as supplier:
        yield supplier
