"""One log line a request, with fields from a closed list: no address, no path, no query, no name, no code.

The rule of the URL map stands in for the path, so that a badge's code or a link's token never reaches a log.
"""

import logging
import sys
import time

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

# Mark in the WSGI environment of what the server asks itself.
IN_PROCESS = "badges_server.in_process"

ALLOWED = frozenset(
    {"event", "level", "timestamp", "method", "rule", "status", "milliseconds", "code", "error", "place"}
)


def only_allowed(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Drop every field that is not on the list."""
    return {name: value for name, value in event.items() if name in ALLOWED}


class StandardError:
    """Writes lines to standard error, whatever that is at the moment."""

    def msg(self, line: str) -> None:
        """Write one line."""
        sys.stderr.write(f"{line}\n")

    info = warning = error = msg


def make_logger() -> FilteringBoundLogger:
    """Make the logger of the web: JSON lines on standard error."""
    logger: FilteringBoundLogger = structlog.wrap_logger(
        StandardError(),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return logger


def install(app: Flask) -> None:
    """Log every answered request; what the server asks itself in process is no request."""
    logger = make_logger()
    app.extensions["request_log"] = logger

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        if IN_PROCESS in request.environ:
            return response
        elapsed = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
        rule = request.url_rule.rule if request.url_rule else "-"
        logger.info("request", method=request.method, rule=rule, status=response.status_code, milliseconds=elapsed)
        return response
