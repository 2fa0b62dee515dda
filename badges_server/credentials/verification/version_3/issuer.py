"""Who is the issuer, and is the signing key really theirs (OB 3.0, section B.1.14; implementation guide)."""

from collections.abc import Iterator

from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.finding import ISSUER, Finding, Said
from badges_server.credentials.verification.version_3.content import told
from badges_server.credentials.verification.version_3.proofs import judged_proofs


def check_issuer(case: Case) -> Iterator[Said]:
    """The issuer is described as a Profile, and publishes the key that signed."""
    described = [item for item in told(ISSUER, case, "") if not (isinstance(item, Finding) and not item.detail)]
    yield from described
    # Without an id there is nobody to bind a key to; that it lacks was told just now.
    if case.issuer_id is not None:
        yield judged_proofs(case)[0].binding
