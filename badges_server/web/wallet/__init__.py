"""What workers reach: the page behind a one-time link, where they say yes or no to a badge."""

from badges_server.web.wallet.offers import blueprint

__all__ = ["blueprint"]
