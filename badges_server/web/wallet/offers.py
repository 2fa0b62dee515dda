"""Accept or decline, behind a one-time link. Looking changes nothing; only an answer sent from this page counts.

The link's token is the secret and there is no cookie, so nobody can answer for somebody whose link they don't have;
the browser's word on where an answer comes from is checked on top.
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort, make_response, render_template, request

from badges_server.services import offers
from badges_server.services.offers import Offer, OfferUnknownError, PresentationNotAllowedError
from badges_server.web.access import current_server, reading
from badges_server.web.asking import is_from_here

blueprint = Blueprint("wallet", __name__, url_prefix="/mes-badges")


@blueprint.get("/offre/<token>")
def offer(token: str) -> Response:
    """Show what is offered."""
    return _page("wallet/offer.html", offer=_open_offer(token), refused=False)


@blueprint.post("/offre/<token>")
def answer(token: str) -> Response:
    """Take the answer: accept (neutral, or with the organisation's name) or decline."""
    if not is_from_here():
        abort(403)
    take = _ANSWERS.get(request.form.get("answer", ""))
    if take is None:
        abort(400)
    return take(token)


@blueprint.errorhandler(OfferUnknownError)
def gone(_error: OfferUnknownError) -> Response:
    """Never made, used, expired or taken back: one page."""
    response = _page("wallet/gone.html")
    response.status_code = 404
    return response


def _accept_neutral(token: str) -> Response:
    return _accepted(offers.accept(current_server(), token, presentation="neutral"))


def _accept_named(token: str) -> Response:
    try:
        accepted = offers.accept(current_server(), token, presentation="named")
    except PresentationNotAllowedError:
        return _page("wallet/offer.html", offer=_open_offer(token), refused=True)
    return _accepted(accepted)


def _accepted(accepted: offers.Accepted) -> Response:
    return _page("wallet/answered.html", accepted=accepted)


def _decline(token: str) -> Response:
    offers.decline(current_server(), token)
    return _page("wallet/answered.html", accepted=None)


_ANSWERS: dict[str, Callable[[str], Response]] = {
    "accept": _accept_neutral,
    "accept_named": _accept_named,
    "decline": _decline,
}


def _open_offer(token: str) -> Offer:
    with reading() as session:
        return offers.look_up_offer(session, token, current_server().now())


def _page(template: str, **values: object) -> Response:
    response = make_response(render_template(template, **values))
    # « no-referrer » would make the browser send its answer with « Origin: null »; nothing leaves this origin.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
