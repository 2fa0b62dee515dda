"""The pages of badge classes and of issuers; the routes are shared with their documents."""

from flask import render_template

from badges_server.services import showing
from badges_server.web.access import current_server, reading


def achievement_page(slug: str, version: str) -> str:
    """Show a badge class.

    Raises:
        NotPublishedError: answered as 404.
    """
    with reading() as session:
        page = showing.achievement_page(current_server(), session, slug, version)
    return render_template("verify/achievement.html", page=page)


def issuer_page(slug: str) -> str:
    """Show who signs.

    Raises:
        NotPublishedError: answered as 404.
    """
    with reading() as session:
        page = showing.issuer_page(current_server(), session, slug)
    return render_template("verify/issuer.html", page=page)
