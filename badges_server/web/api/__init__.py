"""What programs reach: everything under `/api/v1`."""

from badges_server.web.api.verification import blueprint

__all__ = ["blueprint"]
