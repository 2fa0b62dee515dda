"""What the WSGI server runs: `badges_server.wsgi:application`."""

import os
from pathlib import Path

from flask import Flask

from badges_server.app import create_app
from badges_server.cli import commands
from badges_server.settings import read_settings


def make_application() -> Flask:
    """Make the application from the environment (and the file that `BADGES_SETTINGS_FILE` names, if any)."""
    file = os.environ.get("BADGES_SETTINGS_FILE")
    made = create_app(read_settings(os.environ, Path(file) if file else None))
    for command in commands():
        made.cli.add_command(command)
    return made


application = make_application()
