"""Open Badges 2.0 and 3.0 server of a solidarity network."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app() -> "Flask":
    """Make the application with the environment's settings, for `flask --app badges_server`."""
    from badges_server.wsgi import application

    return application
