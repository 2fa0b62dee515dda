"""Where the files that ship with the project lie: beside where one stands, or beside the package."""

from pathlib import Path

import badges_server
from badges_server.settings import SettingsError


def shipped(name: str) -> Path:
    """Find a shipped folder, such as `badge_classes` or `examples`.

    Raises:
        SettingsError: it is neither here nor beside the package.
    """
    candidates = [Path.cwd() / name, Path(badges_server.__file__).resolve().parent.parent / name]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise SettingsError(f"the folder {name}/ is not here: run from the project's folder")
