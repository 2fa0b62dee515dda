"""Is there a newer one (OB 3.0, section 9.1, step 3), and does it use extensions."""

from collections.abc import Iterator

from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.finding import EXTENSIONS, REFRESH, UNSUPPORTED, Said


def check_refresh(case: Case) -> Iterator[Said]:
    """The refresh service was asked for a newer form."""
    if "refreshService" in case.document:
        yield REFRESH.unknown(UNSUPPORTED, "its refresh service was not asked for a newer form", "$.refreshService")
    else:
        yield REFRESH.not_applicable("it names no refresh service")


def check_extensions(case: Case) -> Iterator[Said]:  # noqa: ARG001  (every check takes the case)
    """Extensions are a thing of Open Badges 2.0; here further terms need their context, which check json_ld judges."""
    yield EXTENSIONS.not_applicable("Open Badges 3.0 has none: further terms are checked with the contexts")
