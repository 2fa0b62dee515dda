"""The QR code of a badge, to show or to print; its pictures are served beside the other documents."""

from flask import render_template

from badges_server.services.showing import badge_of_code
from badges_server.web.access import reading
from badges_server.web.verify.blueprint import blueprint


@blueprint.get("/v/<code>/qr")
def qr_page(code: str) -> str:
    """Show the QR code large, with the code to type beneath."""
    with reading() as session:
        badge = badge_of_code(session, code)
    return render_template("verify/qr.html", badge=badge)
