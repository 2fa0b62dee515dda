"""The demo's data directory: its own settings, secret and passphrase, made once."""

from pathlib import Path

from badges_server.app import make_entropy
from badges_server.cli.opening import SETTINGS_NAME
from badges_server.cli.places import shipped


def write_settings(directory: Path, base_url: str) -> None:
    """Write `settings.toml` and the passphrase file into `directory`, unless a demo is there already."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = directory / SETTINGS_NAME
    if file.exists():
        return
    here, entropy = directory.resolve(), make_entropy()
    # Every setting there is: none may come from an `.env` that lies where the demo is run.
    _write_private(directory / "passphrase", entropy.random_bytes(24).hex())
    fields = {
        "base_url": base_url,
        "network_base_url": base_url,
        "secret_key": entropy.random_bytes(32).hex(),
        "key_passphrase_file": here / "passphrase",
        "database_url": f"sqlite:///{here}/badges.sqlite3",
        "person_keys_url": f"sqlite:///{here}/person-keys.sqlite3",
        "keys_dir": here / "keys",
        "catalogue_dir": shipped("badge_classes").resolve(),
        "loopback_peers": "",
        "recognised_issuers": "",
        "allow_http": "0",
    }
    _write_private(file, "".join(f"{name} = '{value}'\n" for name, value in fields.items()))


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
