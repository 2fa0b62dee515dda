"""Collaborators that do their work until a chosen moment: real stores and signers, with a breaking point."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.verification_method import Signer
from badges_server.services.server import Server
from badges_server.storage.database import Database
from badges_server.storage.keyring import Ed25519Signer, Keyring, RsaSigner


class PowerCutError(BadgeError):
    """The machine stops here."""

    code = "POWER_CUT"


@dataclass
class Fuse:
    """Breaks at the n-th use; 0: never."""

    breaks_at: int = 0
    used: int = 0

    def use(self) -> None:
        self.used += 1
        if self.used == self.breaks_at:
            raise PowerCutError("power cut", value=self.used)


class BreakingDatabase(Database):
    """A database whose machine stops before, or right after, the n-th commit."""

    def __init__(self, url: str, before: Fuse, after: Fuse) -> None:
        super().__init__(url)
        self._before = before
        self._after = after

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with super().transaction() as session:
            yield session
            self._before.use()
        self._after.use()


@dataclass
class BreakingSigner:
    """Signs with a real key, until the fuse blows; `spoiled` flips a bit of every signature."""

    signer: Ed25519Signer | RsaSigner
    fuse: Fuse
    spoiled: bool = False
    algorithm: str = field(init=False)
    verification_method: str = field(init=False)

    def __post_init__(self) -> None:
        self.algorithm = self.signer.algorithm
        self.verification_method = self.signer.verification_method

    def sign(self, data: bytes) -> bytes:
        self.fuse.use()
        signature = self.signer.sign(data)
        return bytes([signature[0] ^ 1]) + signature[1:] if self.spoiled else signature


class BreakingKeyring(Keyring):
    """A keyring on the same files, whose signers share a fuse."""

    def __init__(self, folder: Path, passphrase: bytes, fuse: Fuse, *, spoiled: bool = False) -> None:
        super().__init__(folder, passphrase)
        self._fuse = fuse
        self._spoiled = spoiled

    def signer(self, issuer_slug: str, key_id: str, verification_method: str) -> Signer:  # type: ignore[override]
        made = super().signer(issuer_slug, key_id, verification_method)
        return BreakingSigner(made, self._fuse, self._spoiled)  # type: ignore[return-value]


def with_signer(server: Server, folder: Path, fuse: Fuse, *, spoiled: bool = False) -> Server:
    keyring = BreakingKeyring(folder / "keys", b"a passphrase for tests", fuse, spoiled=spoiled)
    return replace(server, keyring=keyring)
