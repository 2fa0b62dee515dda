"""How a request comes by the server's bundle and its transactions. The edge opens them, services work inside."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy.orm import Session

from badges_server.services.server import Server


def current_server() -> Server:
    """Give the bundle that the application was made with."""
    server: Server = current_app.extensions["badges_server"]
    return server


@contextmanager
def reading() -> Iterator[Session]:
    """Open a read transaction for a page.

    Raises:
        DatabaseError: the database is busy or cannot be reached; answered as 503.
    """
    with current_server().database.reading() as session:
        yield session
