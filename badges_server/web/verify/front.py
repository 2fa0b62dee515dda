"""The front page, the field that takes a code, and the legal notice."""

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from badges_server.services.publishing import NotPublishedError
from badges_server.services.showing import publisher
from badges_server.services.showing.verification import read_code
from badges_server.web.access import reading
from badges_server.web.language import in_language
from badges_server.web.verify.blueprint import blueprint

LONGEST_SHOWN = 40


@blueprint.get("/")
def home() -> str:
    """Say what this is, to those who work, those who lead a team, those who recruit."""
    return render_template("verify/home.html", error=None, value="")


@blueprint.get("/v")
def find() -> AnyResponse:
    """Take the code that somebody typed to its page; say so when no code looks like that."""
    typed = request.args.get("code")
    if typed is None:
        return redirect(in_language(url_for("verify.home")), 303)
    try:
        code = read_code(typed)
    except NotPublishedError:
        error = _("Un code a 10 signes, sans 0, O, 1, I ni L. Regardez encore sous le QR code.")
        page = render_template("verify/home.html", error=error, value=typed[:LONGEST_SHOWN])
        return Response(page, 400)
    return redirect(in_language(url_for("verify.badge", code=code)), 303)


@blueprint.get("/mentions-legales")
def legal_notice() -> str:
    """Say who publishes the site: the only page that names the network."""
    with reading() as session:
        return render_template("legal.html", publisher=publisher(session))
