"""Private keys as files."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges_server.storage.keyring import Keyring


def test_created_key_signs_and_opens_again(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    public = Keyring(folder, b"passphrase").create("recognition", "key-1", "EdDSA")
    signer = Keyring(folder, b"passphrase").signer("recognition", "key-1", "did:web:example#key-1")
    assert (signer.algorithm, signer.verification_method) == ("EdDSA", "did:web:example#key-1")
    assert isinstance(public, Ed25519PublicKey)
    public.verify(signer.sign(b"data"), b"data")
