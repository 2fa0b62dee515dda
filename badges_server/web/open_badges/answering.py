"""From a publication to an answer: media type by `Accept`, ETag and 304, how long it may be kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Response, current_app, make_response, request

from badges_server.services.publishing import Publication

PAGE = "text/html"
JSON_FORMS = ("application/ld+json", "application/json")
# The first is the default: what OB 3.0 (section 5.2) says to send. W3C's final name comes second.
CREDENTIAL_FORMS = ("application/vc+ld+json", "application/vc", *JSON_FORMS)
COMPACT_FORMS = ("application/vc+jwt", "application/jwt", "text/plain")


def wanted(forms: Sequence[str]) -> str:
    """Choose among the forms that we have, best first; a reader that accepts none of them gets the first."""
    return request.accept_mimetypes.best_match(forms) or forms[0]


def answer(publication: Publication, media_type: str | None = None) -> Response:
    """Send a publication, or 304 when the reader has these very bytes.

    `media_type` is the form that was chosen when there are several names for the same bytes.
    """
    published = replace(publication, media_type=media_type or publication.media_type)
    # `content_type`, so that no charset is added: these types have none, or are UTF-8 by their own rule.
    response = Response(published.body, 410 if published.is_gone else 200, content_type=published.media_type)
    response.headers["Cache-Control"] = published.freshness.value
    if published.is_personal:
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
    if published.file_name:
        response.headers["Content-Disposition"] = f'inline; filename="{published.file_name}"'
    if published.is_gone:
        return response
    response.set_etag(published.etag)
    response.make_conditional(request)
    return response


def page(name: str, **of_what: str) -> Response:
    """Show the page for people that shares an address with a document."""
    shown: Callable[..., str] = current_app.extensions["pages"][name]
    return make_response(shown(**of_what))
