"""A wrong request, told to a program as problem+json (RFC 9457), with what to do about it."""

import json

from flask import Response

PROBLEM = "application/problem+json"

_TITLES = {400: "Bad request", 413: "Content too large", 415: "Unsupported media type"}


class RequestProblemError(Exception):
    """The request cannot be answered as it is; a bad badge is none of these: it gets a report.

    Args:
        code: stable name of the problem, for programs.
        detail: one sentence that says the remedy.
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


def problem_answer(problem: RequestProblemError) -> Response:
    """Write the problem."""
    fields = {
        "type": "about:blank",
        "title": _TITLES[problem.status],
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    headers = {"Cache-Control": "no-store"}
    return Response(json.dumps(fields) + "\n", problem.status, headers, content_type=PROBLEM)
