"""The whole site: every page, program interface, header and error, put on one application."""

import hashlib
import html
import mimetypes
from pathlib import Path
from typing import Any

from flask import Flask, Response
from markupsafe import Markup

from badges_server.credentials.addresses import Addresses
from badges_server.web import api, errors, headers, language, open_badges, request_log, verify, wallet
from badges_server.web.asking import InMemoryRequest
from badges_server.web.health import blueprint as health

STATIC = Path(__file__).with_name("static")
KEEP_FOR_EVER = "public, max-age=31536000, immutable"


def install(app: Flask, addresses: Addresses) -> None:
    """Register everything that people and programs can reach."""
    app.config.update(MAX_CONTENT_LENGTH=2_000_000, PREFERRED_URL_SCHEME=addresses.base_url.partition(":")[0])
    app.request_class = InMemoryRequest
    app.url_map.strict_slashes = False
    # A redirect would be written with the request's Host: what is misspelt is simply not there.
    app.url_map.merge_slashes = False
    app.jinja_env.filters["as_text"] = as_text
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["pages"] = verify.NEGOTIATED_PAGES
    language.install(app)
    errors.install(app)
    headers.install(app, secure=addresses.base_url.startswith("https:"))
    request_log.install(app)
    for blueprint in (verify.blueprint, wallet.blueprint, api.blueprint, health, open_badges.blueprint()):
        app.register_blueprint(blueprint)
    _serve_static(app)
    app.context_processor(lambda: _site_words(addresses))


def _serve_static(app: Flask) -> None:
    """Serve the few files of `static/` from memory, each under its own digest, so that it may be kept for ever."""
    files = {file.name: file.read_bytes() for file in STATIC.iterdir()}
    versions = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in files.items()}

    def static_url(name: str) -> str:
        return f"/static/{versions[name]}/{name}"

    @app.get("/static/<version>/<name>")
    def static_file(version: str, name: str) -> Response:
        if versions.get(name) != version:
            return errors.not_found()
        media_type = mimetypes.guess_type(name)[0]
        return Response(files[name], content_type=media_type, headers={"Cache-Control": KEEP_FOR_EVER})

    app.jinja_env.globals["static_url"] = static_url


def as_text(text: str) -> Markup:
    """Escape a text that stands between tags: quotes may stay, which halves a JSON report."""
    return Markup(html.escape(text, quote=False))  # noqa: S704  (escaped right here)


def _site_words(addresses: Addresses) -> dict[str, Any]:
    return {
        "home": "/",
        "legal": "/mentions-legales",
        "find_url": "/v",
        "checker_url": "/verifier",
        "host": addresses.base_url.partition("//")[2],
    }
