"""What every answer says to the browser: run nothing, load nothing foreign, tell nobody where you come from."""

from flask import Flask, Response, request

# No script at all; one stylesheet and pictures of our own; forms only to ourselves.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
# What is no page (a document, a picture) may load nothing when it is opened by itself.
DOCUMENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# The page that checks files has one script of our own, and may look through the camera when the reader says so.
CHECKER_POLICY = f"{PAGE_POLICY}; script-src 'self'"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
CHECKER_PERMISSIONS = PERMISSIONS.replace("camera=()", "camera=(self)")
HSTS = "max-age=31536000; includeSubDomains"
# First segments of the paths whose pages are about one person's badge.
PERSONAL = frozenset({"v", "credentials", "mes-badges", "ob2", "p", "verifier"})


def install(app: Flask, *, secure: bool) -> None:
    """Set the headers after every request; a header that a view has set itself stays.

    `secure`: the public address is https, so browsers may be told to use nothing else.
    """

    @app.after_request
    def harden(response: Response) -> Response:
        is_page = response.mimetype == "text/html"
        chosen = {
            "Content-Security-Policy": PAGE_POLICY if is_page else DOCUMENT_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": PERMISSIONS,
        }
        if secure:
            chosen["Strict-Transport-Security"] = HSTS
        if is_page:
            chosen |= {"Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store"}
            response.vary.update(["Accept", "Accept-Language"])
        if is_personal(request.path):
            chosen["X-Robots-Tag"] = "noindex, noarchive"
        for name, value in chosen.items():
            response.headers.setdefault(name, value)
        return response


def is_personal(path: str) -> bool:
    """Tell whether a path belongs to one person's badge, whether or not that badge exists."""
    return path.strip("/").partition("/")[0] in PERSONAL
