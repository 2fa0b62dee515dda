"""`BADGES_ALLOW_HTTP`, from the environment to the fetcher."""

from pathlib import Path

import pytest

from badges_server.app import create_app
from badges_server.fetching.errors import UrlRefusedError
from badges_server.settings import SettingsError, read_settings


def environment(folder: Path, **changes: str) -> dict[str, str]:
    passphrase = folder / "passphrase"
    passphrase.write_text("a passphrase for tests")
    passphrase.chmod(0o600)
    (folder / "keys").mkdir(mode=0o700)
    return {
        "BADGES_BASE_URL": "https://badges.example.org",
        "BADGES_SECRET_KEY": "s" * 32,
        "BADGES_KEY_PASSPHRASE_FILE": str(passphrase),
        "BADGES_KEYS_DIR": str(folder / "keys"),
        "BADGES_DATABASE_URL": f"sqlite:///{folder / 'badges.db'}",
        "BADGES_PERSON_KEYS_URL": f"sqlite:///{folder / 'people.db'}",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, "only https is asked"),
        ({"BADGES_ALLOW_HTTP": "0"}, "only https is asked"),
        # Refused for the next reason, before anything is looked up.
        ({"BADGES_ALLOW_HTTP": "1"}, "a name that is never public"),
    ],
)
def test_the_setting_reaches_the_fetcher(tmp_path: Path, changes: dict[str, str], refusal: str) -> None:
    app = create_app(read_settings(environment(tmp_path, **changes)))

    with pytest.raises(UrlRefusedError, match=refusal):
        app.extensions["badges_server"].fetcher.fetch("http://router.local/")


@pytest.mark.parametrize("value", ["", "yes", "true", "2"])
def test_another_value_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match=r"BADGES_ALLOW_HTTP is '.*': it must be 0 or 1"):
        read_settings(environment(tmp_path, BADGES_ALLOW_HTTP=value))
