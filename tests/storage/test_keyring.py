"""Private keys as files: encrypted, for their owner only, never replaced, opened once."""

import base64
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from badges_server.credentials.verification_method import Signer
from badges_server.storage.keyring import KeyFileError, KeyFileModeError, KeyPassphraseError, Keyring

PASSPHRASE = b"a passphrase for tests"
METHOD = "did:web:badges.example#key-1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keyring(folder: Path) -> Keyring:
    return Keyring(folder, PASSPHRASE)


@pytest.fixture
def _open_umask() -> Iterator[None]:
    old = os.umask(0)
    yield
    os.umask(old)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_ed25519_key_signs_after_it_was_opened_again(keyring: Keyring, folder: Path) -> None:
    public = keyring.create("recognition", "key-1", "EdDSA")
    signer: Signer = Keyring(folder, PASSPHRASE).signer("recognition", "key-1", METHOD)
    assert (signer.algorithm, signer.verification_method) == ("EdDSA", METHOD)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(signer.sign(b"data"), b"data")


def test_rsa_key_signs_as_rs256(keyring: Keyring, folder: Path) -> None:
    public = keyring.create("recognition", "jwt-1", "RS256")
    signer: Signer = Keyring(folder, PASSPHRASE).signer("recognition", "jwt-1", METHOD)
    assert (signer.algorithm, signer.verification_method) == ("RS256", METHOD)
    assert isinstance(public, rsa.RSAPublicKey)
    assert (public.key_size, public.public_numbers().e) == (2048, 65537)
    public.verify(signer.sign(b"data"), b"data", PKCS1v15(), SHA256())


@pytest.mark.usefixtures("_open_umask")
def test_files_are_for_their_owner_only(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    path = folder / "recognition" / "key-1.pem"
    assert [mode_of(place) for place in (path, path.parent, folder)] == [0o600, 0o700, 0o700]
    assert [found.name for found in path.parent.iterdir()] == ["key-1.pem"], "no draft is left"
    assert keyring.check() == []
    keyring.refuse_wide_modes()


def test_file_holds_no_plain_key_and_stretches_the_passphrase(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    pem = (folder / "recognition" / "key-1.pem").read_bytes()
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    shown = base64.b64decode(b"".join(pem.splitlines()[1:-1])).hex()
    # scrypt (1.3.6.1.4.1.11591.4.11) with N = 16384, r = 8, p = 1, and AES-256-CBC.
    assert "06092b06010401da47040b" in shown
    assert "02024000020108020101" in shown
    assert "060960864801650304012a" in shown


def test_two_keys_have_their_own_salt(keyring: Keyring, folder: Path) -> None:
    keyring.create("a", "key-1", "EdDSA")
    keyring.create("b", "key-1", "EdDSA")
    assert (folder / "a" / "key-1.pem").read_bytes()[:200] != (folder / "b" / "key-1.pem").read_bytes()[:200]


def test_key_is_never_replaced(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    before = (folder / "recognition" / "key-1.pem").read_bytes()
    with pytest.raises(KeyFileError, match="already"):
        keyring.create("recognition", "key-1", "EdDSA")
    assert (folder / "recognition" / "key-1.pem").read_bytes() == before
    assert [found.name for found in (folder / "recognition").iterdir()] == ["key-1.pem"]


def test_draft_of_a_crash_does_not_stand_in_the_way(keyring: Keyring, folder: Path) -> None:
    (folder / "recognition").mkdir(parents=True, mode=0o700)
    (folder / "recognition" / ".key-1.pem.abcdefgh.new").write_bytes(b"half")
    keyring.create("recognition", "key-1", "EdDSA")
    assert Keyring(folder, PASSPHRASE).signer("recognition", "key-1", METHOD).sign(b"data")


def test_of_many_that_create_one_key_one_succeeds(folder: Path) -> None:
    outcomes: list[str] = []

    def create() -> None:
        try:
            Keyring(folder, PASSPHRASE).create("recognition", "key-1", "EdDSA")
            outcomes.append("made")
        except KeyFileError:
            outcomes.append("refused")

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made"] + ["refused"] * 5
    assert Keyring(folder, PASSPHRASE).signer("recognition", "key-1", METHOD).sign(b"data")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666, 0o610])
def test_wider_file_is_refused_with_its_remedy(keyring: Keyring, folder: Path, mode: int) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    path = folder / "recognition" / "key-1.pem"
    path.chmod(mode)
    (problem,) = keyring.check()
    assert str(problem) == f"{path}: mode {mode:04o} lets others in: run `chmod 0600 {path}`"
    with pytest.raises(KeyFileModeError, match=f"{mode:04o}"):
        keyring.refuse_wide_modes()
    with pytest.raises(KeyFileModeError, match="chmod 0600"):
        Keyring(folder, PASSPHRASE).signer("recognition", "key-1", METHOD)


def test_wider_folder_is_refused_with_its_remedy(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    (folder / "recognition").chmod(0o755)
    (problem,) = keyring.check()
    assert str(problem).endswith(f"run `chmod 0700 {folder / 'recognition'}`")
    with pytest.raises(KeyFileModeError, match="chmod 0700"):
        Keyring(folder, PASSPHRASE).signer("recognition", "key-1", METHOD)


def test_top_folder_may_be_seen_but_not_written(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    folder.chmod(0o755)
    assert keyring.check() == []
    folder.chmod(0o775)
    (problem,) = keyring.check()
    assert problem.value == "0775"


def test_every_wide_file_is_listed(keyring: Keyring, folder: Path) -> None:
    for issuer in ("a", "b"):
        keyring.create(issuer, "key-1", "EdDSA")
        (folder / issuer / "key-1.pem").chmod(0o644)
    assert [Path(str(problem.path)).parent.name for problem in keyring.check()] == ["a", "b"]


def test_no_folder_is_no_problem(keyring: Keyring) -> None:
    assert keyring.check() == []


def test_missing_key_says_which(keyring: Keyring) -> None:
    with pytest.raises(KeyFileError, match="recognition: the key folder cannot be read"):
        keyring.signer("recognition", "key-1", METHOD)
    keyring.create("recognition", "key-1", "EdDSA")
    with pytest.raises(KeyFileError, match=r"key-2\.pem: the key file is missing"):
        keyring.signer("recognition", "key-2", METHOD)


def test_link_to_a_key_is_refused(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    (folder / "recognition" / "key-2.pem").symlink_to(folder / "recognition" / "key-1.pem")
    with pytest.raises(KeyFileError, match="cannot be read"):
        keyring.signer("recognition", "key-2", METHOD)


def test_wrong_passphrase_is_said(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    with pytest.raises(KeyPassphraseError, match=r"key-1\.pem: .*BADGES_KEY_PASSPHRASE_FILE"):
        Keyring(folder, b"another passphrase").signer("recognition", "key-1", METHOD)


@pytest.mark.parametrize(
    "pem",
    [
        b"not a key",
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE)
        ),
    ],
    ids=["no key", "not encrypted", "of another kind"],
)
def test_file_that_is_no_key_of_ours_is_refused(keyring: Keyring, folder: Path, pem: bytes) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    path = folder / "recognition" / "key-2.pem"
    path.write_bytes(pem)
    path.chmod(0o600)
    with pytest.raises(KeyPassphraseError, match=r"key-2\.pem"):
        keyring.signer("recognition", "key-2", METHOD)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "A", "a b", "a--b", "-a", "a\n", "é", "a.pem"])
def test_name_that_could_leave_the_folder_is_refused(keyring: Keyring, folder: Path, name: str) -> None:
    with pytest.raises(KeyFileError, match="not a name for a key"):
        keyring.create(name, "key-1", "EdDSA")
    with pytest.raises(KeyFileError, match="not a name for a key"):
        keyring.signer("recognition", name, METHOD)
    assert not folder.exists()


def test_destroyed_key_is_gone(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    keyring.destroy("recognition", "key-1")
    assert list((folder / "recognition").iterdir()) == []
    with pytest.raises(KeyFileError, match="missing"):
        keyring.signer("recognition", "key-1", METHOD)
    keyring.destroy("recognition", "key-1")


def test_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    keyring = Keyring(tmp_path / "keys", PASSPHRASE)
    with pytest.raises(KeyFileError, match="cannot be written"):
        keyring.create("recognition", "key-1", "EdDSA")
    with pytest.raises(KeyFileError, match="cannot be removed"):
        keyring.destroy("recognition", "key-1")


def test_opened_key_is_kept_open(keyring: Keyring, folder: Path) -> None:
    keyring.create("recognition", "key-1", "EdDSA")
    other = Keyring(folder, PASSPHRASE)
    first = other.signer("recognition", "key-1", METHOD).sign(b"data")
    (folder / "recognition" / "key-1.pem").unlink()
    assert other.signer("recognition", "key-1", METHOD).sign(b"data") == first


def test_ten_keys_open_within_a_start(keyring: Keyring, folder: Path) -> None:
    for number in range(10):
        keyring.create("recognition", f"key-{number}", "EdDSA")
    other = Keyring(folder, PASSPHRASE)
    start = time.process_time()
    for number in range(10):
        other.signer("recognition", f"key-{number}", METHOD)
    # About 0.5 s; the bound is wide, for slower machines.
    assert time.process_time() - start < 3
