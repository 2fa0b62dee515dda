"""The QR code of a badge: a page to show or print, and its pictures."""

from flask import Response, render_template

from badges_server.services.publishing import qr_code
from badges_server.services.showing import badge_of_code
from badges_server.services.showing.verification import read_code
from badges_server.web.access import current_server, reading
from badges_server.web.open_badges.answering import answer
from badges_server.web.verify.blueprint import blueprint


@blueprint.get("/v/<code>/qr")
def qr_page(code: str) -> str:
    """Show the QR code large, with the code to type beneath."""
    with reading() as session:
        badge = badge_of_code(session, code)
    return render_template("verify/qr.html", badge=badge)


@blueprint.get("/v/<code>/qr.png")
def qr_png(code: str) -> Response:
    """Serve the QR code as PNG."""
    return answer(qr_code(current_server(), read_code(code), "png"))


@blueprint.get("/v/<code>/qr.svg")
def qr_svg(code: str) -> Response:
    """Serve the QR code as SVG, for print."""
    return answer(qr_code(current_server(), read_code(code), "svg"))
