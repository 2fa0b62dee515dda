"""A deployment in a folder of its own, and the commands run on it: what they said, and what they changed."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import IO, Any

import psycopg
from flask.testing import FlaskClient

from badges_server.app import create_app
from badges_server.settings import Settings, read_settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
INSTALLED = Path(sys.executable).with_name("badges-server")
BASE_URL = "http://localhost:8000"
SECONDS = 120
_NUMBERS = count(1)
TABLES = {
    "sqlite3": "SELECT name FROM sqlite_schema WHERE type = 'table'",
    "psycopg": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@dataclass(frozen=True)
class Ran:
    """What a command did, seen from outside.

    Attributes:
        peak: the most memory it held, in KiB; 0 when it was not measured.
    """

    code: int
    out: str
    err: str
    peak: int = 0

    @property
    def error(self) -> str:
        """The one line on stderr."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]

    @property
    def json(self) -> Any:  # noqa: ANN401  (whatever a program would read)
        """The one line on stdout, as JSON."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


class Warm:
    """The process that commands are forked from."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._requests: IO[bytes] = process.stdin
        self._answers: IO[bytes] = process.stdout
        assert self._answers.readline() == b"ready\n", "it says why on stderr"

    def run(self, **request: object) -> dict[str, int]:
        """Hand over what `tests/cli/warm.py` wants to know; give its answer."""
        self._requests.write(json.dumps(request).encode() + b"\n")
        self._requests.flush()
        answer: dict[str, int] = json.loads(self._answers.readline())
        return answer


@contextmanager
def warm_process() -> Iterator[Warm]:
    command = [sys.executable, str(Path(__file__).with_name("warm.py"))]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Warm(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(SECONDS) == 0


@dataclass(frozen=True)
class Deployment:
    """One installation: its folder (also where commands are run), settings, and everything it keeps."""

    folder: Path
    warm: Warm
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | Path, stdin: bytes = b"", largest: int | None = None) -> Ran:
        """Run a command in a process of its own, without waiting for its imports.

        `largest`: the most bytes that a file may have, as on a disk that is full.
        """
        streams = self.folder / ".streams" / str(next(_NUMBERS))
        streams.mkdir(parents=True)
        for name, data in (("stdin", stdin), ("stdout", b""), ("stderr", b"")):
            (streams / name).write_bytes(data)
        answer = self.warm.run(
            arguments=[str(argument) for argument in arguments],
            folder=str(self.folder),
            environment=self.environment,
            largest=largest,
            **{name: str(streams / name) for name in ("stdin", "stdout", "stderr")},
        )
        out, err = ((streams / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        return Ran(answer["code"], out, err, answer["peak"])

    def run_installed(self, *arguments: str | Path, before: Sequence[str] = ()) -> Ran:
        """Run the installed script itself, with the words `before` it."""
        return self.run_program([*before, str(INSTALLED), *map(str, arguments)])

    def run_program(self, command: Sequence[str], stderr: int | None = None) -> Ran:
        """Run any program here, with this deployment's settings."""
        ran = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if stderr is None else stderr,
            timeout=SECONDS,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode(), (ran.stderr or b"").decode())

    def with_settings(self, **changes: str | None) -> "Deployment":
        """The same with other settings, named without their prefix; None takes one away."""
        named = {f"BADGES_{name.upper()}": value for name, value in changes.items()}
        kept = {name: value for name, value in self.environment.items() if name not in named}
        return replace(self, environment=kept | {name: value for name, value in named.items() if value is not None})

    @property
    def settings(self) -> Settings:
        return read_settings(self.environment)

    @property
    def keys_dir(self) -> Path:
        return self.folder / "keys"

    def file(self, name: str, content: str | bytes) -> Path:
        """Write a file into the folder; give its name there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Path(name)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the main database, past our own code."""
        with closing(connect(self.environment["BADGES_DATABASE_URL"])) as connection:
            return list(connection.cursor().execute(statement))

    @contextmanager
    def visited(self) -> Iterator[FlaskClient]:
        """Answer requests as the web service does."""
        app = create_app(self.settings)
        server = app.extensions["badges_server"]
        yield app.test_client(use_cookies=False)
        server.database.close()
        server.person_keys.close()

    def kept(self) -> dict[str, list[str]]:
        """Everything that is kept: every row of both databases, and every key file with its mode."""
        found = rows(self.environment["BADGES_DATABASE_URL"]) | rows(self.environment["BADGES_PERSON_KEYS_URL"])
        found["keys"] = [
            f"{path.relative_to(self.keys_dir)} {path.stat().st_mode:o} {digest(path)}"
            for path in sorted(self.keys_dir.rglob("*"))
        ]
        return found


def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table, read past our own code."""
    with closing(connect(url)) as connection:
        cursor = connection.cursor()
        cursor.execute(TABLES[connection.__class__.__module__.partition(".")[0]])
        names = sorted(name for (name,) in cursor.fetchall())
        return {name: sorted(map(repr, cursor.execute(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608


def connect(url: str) -> Any:  # noqa: ANN401  (two drivers of one shape)
    """A driver's own connection: SQLite or PostgreSQL."""
    if url.startswith("sqlite"):
        return sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=rw", uri=True, check_same_thread=False)
    return psycopg.connect(url, autocommit=True)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"


def make_deployment(folder: Path, warm: Warm, database_url: str | None = None) -> Deployment:
    """Settings and a passphrase; `init` was not run."""
    folder.mkdir(parents=True, exist_ok=True)
    passphrase = folder / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("open, please\n", encoding="utf-8")
    return Deployment(folder, warm, environment_of(folder, database_url))


def environment_of(folder: Path, database_url: str | None = None) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "BADGES_BASE_URL": BASE_URL,
        "BADGES_SECRET_KEY": "a key of forty characters, for tests only",
        "BADGES_KEY_PASSPHRASE_FILE": str(folder / "passphrase"),
        "BADGES_DATABASE_URL": database_url or f"sqlite:///{folder}/badges.sqlite3",
        "BADGES_PERSON_KEYS_URL": f"sqlite:///{folder}/person-keys.sqlite3",
        "BADGES_KEYS_DIR": str(folder / "keys"),
        "BADGES_CATALOGUE_DIR": str(ROOT / "badge_classes"),
    }


def copy_of(template: Deployment, folder: Path, database_url: str | None = None) -> Deployment:
    shutil.copytree(template.folder, folder, ignore=shutil.ignore_patterns(".streams"))
    return Deployment(folder, template.warm, environment_of(folder, database_url))
