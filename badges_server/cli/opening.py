"""How commands come by the server: settings read, application made, its bundle handed over."""

import os
from pathlib import Path

import click
from flask import Flask

from badges_server.app import create_app, make_bystander
from badges_server.services.server import Server
from badges_server.services.verifying import Asker
from badges_server.settings import KNOWN, Settings, SettingsError, read_settings

# In the data directory of a demo.
SETTINGS_NAME = "settings.toml"


def open_settings(ctx: click.Context) -> Settings:
    """Read the settings that this run was given (`flask --app badges_server` hands over no file)."""
    file = ctx.find_root().obj
    return read_settings(os.environ, file if isinstance(file, Path) else None)


def open_server(ctx: click.Context) -> Server:
    """Make the bundle that services need."""
    return server_of(create_app(open_settings(ctx)))


def open_asker(ctx: click.Context) -> Asker:
    """Open the server; or, where no setting was given at all, somebody who verifies without one."""
    named = ctx.find_root().obj is not None or Path(".env").is_file()
    if named or any(name in os.environ for name in KNOWN):
        return open_server(ctx)
    return make_bystander()


def server_of(app: Flask) -> Server:
    """The bundle that an application was made with."""
    server: Server = app.extensions["badges_server"]
    return server


def settings_of_data_dir(data_dir: Path) -> Settings:
    """Read the settings that `demo` wrote into its data directory.

    Raises:
        SettingsError: the directory holds no demo.
    """
    file = data_dir / SETTINGS_NAME
    if not file.is_file():
        raise SettingsError(
            f"{data_dir} holds no {SETTINGS_NAME}: make one with badges-server demo --data-dir {data_dir}"
        )
    return read_settings({}, file)
