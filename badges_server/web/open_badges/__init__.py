"""What programs reach: credentials, achievements, issuers, keys, status lists, Open Badges 2.0; JSON and pictures.

The same addresses show a page to a person's browser, by `Accept`.
"""

from badges_server.web.open_badges.blueprint import blueprint

__all__ = ["blueprint"]
