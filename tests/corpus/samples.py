"""Samples with one defect each, made from good ones; each declares the finding that must change, and where.

The defects are in `defects.txt`, by the document that has them; here they are put into every form that document has.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from badges_server.credentials import jwt_proof
from badges_server.credentials.json_text import JsonObject, json_path, write_json
from tests.corpus.goods import (
    GOOD,
    embedded,
    in_png,
    in_svg,
    pages_2,
    pages_3,
    token,
)
from tests.credentials.verification.test_version_1 import older_badge
from tests.credentials.verification.world import (
    BADGE_URL,
    ISSUER_URL,
    REMOVED,
    STATUS_URL,
    World,
    badge_class,
    changed,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    open_badge,
    signed,
    signed_assertion,
    status_list_document,
    world,
)

DEFECTS = Path(__file__).with_name("defects.txt")
_OLDER_NAMES = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}


@dataclass(frozen=True)
class Expected:
    """A finding that the defect must bring: check, code, JSON path; its outcome is "failed" unless said."""

    check: str
    code: str
    path: str
    outcome: str = "failed"


@dataclass(frozen=True)
class Sample:
    """One defective input, the good one that it was made from, and the findings that must be new in its report.

    Attributes:
        also: checks that can say nothing good any more because of the same defect (what cannot be canonicalized
            cannot be proven): a check and its outcome.
    """

    name: str
    good: str
    data: bytes
    pages: World
    expected: Expected
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Defect:
    """One line of `defects.txt`."""

    place: str
    value: object
    check: str
    code: str
    path: str | None

    def applied(self, document: JsonObject) -> JsonObject:
        # A place with a colon is a key of the document itself.
        if ":" in self.place:
            return {**document, self.place: self.value}
        return changed(document, self.place, self.value)

    def expected(self, under: str = "$") -> Expected:
        steps = [int(part) if part.isdigit() else part for part in self.place.split("/")]
        return Expected(self.check, self.code, self.path or under + json_path(steps)[1:])

    def renamed(self, names: Mapping[str, str]) -> "Defect":
        return Defect(names.get(self.place, self.place), self.value, self.check, self.code, self.path)

    def named(self, good: str) -> str:
        shown = "taken away" if self.value is REMOVED else json.dumps(self.value, ensure_ascii=False)
        return f"{good}: {self.place} {shown}"


@cache
def defects() -> dict[str, list[Defect]]:
    """Read `defects.txt`, by heading."""
    found: dict[str, list[Defect]] = {}
    heading = ""
    for line in DEFECTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#"):
            place, value, told = line.split(" :: ")
            check, code, *path = told.split(" ")
            parsed = REMOVED if value == "-" else json.loads(value)
            found.setdefault(heading, []).append(Defect(place, parsed, check, code, path[0] if path else None))
    return found


def samples() -> Iterator[Sample]:
    """Every sample, in a fixed order."""
    yield from _of_badges()
    yield from _of_json_ld()
    yield from _of_proofs()
    yield from _of_claims()
    yield from _of_assertions()
    yield from _of_pages()


Form = tuple[str, Callable[[JsonObject], bytes], Callable[[], JsonObject]]
_FORMS: tuple[Form, ...] = (
    ("3.0 json", lambda document: embedded(document).encode(), open_badge),
    ("3.0 svg", lambda document: in_svg(embedded(document)), open_badge),
    ("3.0 jwt", lambda document: token(document).encode(), open_badge),
    ("3.0 jwt png", lambda document: in_png(token(document)), open_badge),
    ("3.0 in VC 1.1 json", lambda document: embedded(document).encode(), older_badge),
)


def _of_badges() -> Iterator[Sample]:
    for good, secured, document in _FORMS:
        for defect in defects()["badge"]:
            named = defect.renamed(_OLDER_NAMES) if document is older_badge else defect
            # The claim of a token repeats the id, so that a lacking id is a second defect.
            if named.place != "id" or "jwt" not in good:
                data = secured(named.applied(document()))
                yield Sample(named.named(good), good, data, pages_3(), named.expected())


def _of_json_ld() -> Iterator[Sample]:
    """In a token, whose signature is over the bytes; embedded, nothing could be canonicalized and proven."""
    for heading in ("badge, and JSON-LD too", "badge, JSON-LD alone"):
        for defect in defects()[heading]:
            also = () if "alone" in heading else (("json_ld", "failed"),)
            document = defect.applied(open_badge())
            data = token(document).encode()
            yield Sample(defect.named("3.0 jwt"), "3.0 jwt", data, pages_3(), defect.expected(), also)
            kept = {**document, "proof": signed(open_badge())["proof"]}
            data = in_png(write_json(kept))
            also = (*also, ("proof", "unknown"))
            yield Sample(defect.named("3.0 png"), "3.0 png", data, pages_3(), defect.expected(), also)


def _of_proofs() -> Iterator[Sample]:
    for defect in defects()["proof"]:
        document = defect.applied(signed(open_badge()))
        unbound = defect.place == "proof" or defect.place.endswith(("cryptosuite", "/verificationMethod"))
        also = (("issuer", "unknown"),) if unbound else ()
        if defect.check == "json_ld":
            also = (*also, ("proof", "unknown"))
        if defect.place == "credentialStatus":
            also = (*also, ("status", "not_applicable"))
        if defect.place == "evidence":
            also = (*also, ("evidence", "not_applicable"))
        data = write_json(document).encode()
        yield Sample(defect.named("3.0 json, signed"), "3.0 json", data, pages_3(), defect.expected(), also)


def _of_claims() -> Iterator[Sample]:
    signer = jwt_signer()
    for defect in defects()["claims"]:
        payload = defect.applied(jwt_proof.claims_of(open_badge()))
        text = jwt_proof.sign_compact(payload, signer, {"kid": signer.verification_method, "typ": "JWT"})
        yield Sample(defect.named("3.0 jwt, claim"), "3.0 jwt", text.encode(), pages_3(), defect.expected())
        data = in_svg(text)
        yield Sample(defect.named("3.0 jwt svg, claim"), "3.0 jwt svg", data, pages_3(), defect.expected())


def _of_assertions() -> Iterator[Sample]:
    for defect in defects()["assertion"]:
        hosted = defect.applied(hosted_assertion())
        text, pages = write_json(hosted), pages_2(hosted)
        yield Sample(defect.named("2.0 hosted json"), "2.0 hosted json", text.encode(), pages, defect.expected())
        if isinstance(hosted.get("type"), str):
            data = in_svg(text, "2.0")
            yield Sample(defect.named("2.0 hosted svg"), "2.0 hosted svg", data, pages, defect.expected())
        text = jws(defect.applied(signed_assertion()))
        yield Sample(defect.named("2.0 signed jws"), "2.0 signed jws", text.encode(), pages_2(), defect.expected())
        data = in_png(text, "openbadges")
        yield Sample(defect.named("2.0 signed png"), "2.0 signed png", data, pages_2(), defect.expected())


def _of_pages() -> Iterator[Sample]:
    """The defect is in what the badge leads to."""
    for good in ("2.0 hosted json", "2.0 signed jws"):
        for heading, url, document, under in (
            ("badge class", BADGE_URL, badge_class(), "$.badge"),
            ("issuer", ISSUER_URL, issuer_profile(), "$.badge.issuer"),
        ):
            for defect in defects()[heading]:
                pages = pages_2()
                pages.puts(url, defect.applied(document))
                name = defect.named(f"{good}, {heading}")
                # The revocation list is that of another issuer then.
                also = (("status", "failed"),) if defect.place == "id" and "signed" in good else ()
                yield Sample(name, good, GOOD[good][0], pages, defect.expected(under), also)
    for good in ("3.0 json", "3.0 jwt"):
        for defect in defects()["status list"]:
            made = world()
            made.puts(STATUS_URL, signed(defect.applied(status_list_document())))
            yield Sample(defect.named(f"{good}, status list"), good, GOOD[good][0], made, defect.expected())
