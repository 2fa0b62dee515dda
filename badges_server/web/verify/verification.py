"""The verification page of a badge, by its code or by its credential's id."""

from flask import render_template

from badges_server.services.showing import badge_of_code, badge_of_credential, verification_page
from badges_server.web.access import current_server, reading
from badges_server.web.verify.blueprint import blueprint


@blueprint.get("/v/<code>")
def badge(code: str) -> str:
    """Check a badge now and say what was found, in the employer's order."""
    server = current_server()
    with reading() as session:
        page = verification_page(server, session, badge_of_code(session, code))
    return render_template("verify/verification.html", page=page)


def credential_page(credential_id: str) -> str:
    """Show the same page for a credential's own address.

    Raises:
        NotPublishedError: answered as 404.
    """
    server = current_server()
    with reading() as session:
        page = verification_page(server, session, badge_of_credential(session, credential_id))
    return render_template("verify/verification.html", page=page)
