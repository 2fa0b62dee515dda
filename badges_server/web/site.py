"""The whole site: every page, program interface, header and error, put on one application."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory

from badges_server.credentials.addresses import Addresses
from badges_server.web import errors, headers, language, request_log, wallet
from badges_server.web.health import blueprint as health

STATIC = Path(__file__).with_name("static")
A_YEAR = 31_536_000


def install(app: Flask, addresses: Addresses) -> None:
    """Register everything that people and programs can reach."""
    app.config.update(MAX_CONTENT_LENGTH=2_000_000, PREFERRED_URL_SCHEME=addresses.base_url.partition(":")[0])
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.install(app)
    errors.install(app)
    headers.install(app, secure=addresses.base_url.startswith("https:"))
    request_log.install(app)
    for blueprint in (wallet.blueprint, health):
        app.register_blueprint(blueprint)
    _serve_static(app)
    app.context_processor(lambda: _site_words(addresses))


def _serve_static(app: Flask) -> None:
    versions = {file.name: _digest(file) for file in STATIC.iterdir()}

    def static_url(name: str) -> str:
        return f"/static/{versions[name]}/{name}"

    @app.get("/static/<version>/<name>")
    def static_file(version: str, name: str) -> Response:
        response = send_from_directory(STATIC, name, max_age=A_YEAR)
        if versions.get(name) == version:
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return response

    app.jinja_env.globals["static_url"] = static_url


def _site_words(addresses: Addresses) -> dict[str, Any]:
    return {"home": "/", "legal": "/mentions-legales", "find_url": "/v", "host": addresses.base_url.partition("//")[2]}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
