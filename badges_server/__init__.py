"""Open Badges 2.0 and 3.0 server of a solidarity network."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app() -> "Flask":
    """Make the application with the environment's settings, for `flask --app badges_server`."""
    return cast("Flask", import_module("badges_server.wsgi").application)
