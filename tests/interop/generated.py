"""Credentials of every kind that our builders can write, decided by a seed: what independent verifiers are asked about.

They are planned, written and signed by the product's own code, from the real catalogue and from generated achievements,
by neutral and named issuers, with and without an end, some of them revoked, some signed again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges_server.credentials import data_integrity, status_list
from badges_server.credentials.addresses import Addresses
from badges_server.credentials.did import did_document
from badges_server.credentials.document import (
    CredentialPlan,
    EndorsementPlan,
    expiry_of,
    plan_credential,
    plan_endorsement,
    plan_status_list,
    resigned,
)
from badges_server.credentials.entropy import Entropy
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Achievement, Alignment, Issuer, StatusPlace
from badges_server.credentials.verification_method import VerificationMethod
from badges_server.storage.catalogue import ACHIEVEMENT_TYPES, read_catalogue
from tests.credentials.conftest import KeySigner
from tests.interop.texts import make_text, make_texts

CATALOGUE = Path(__file__).resolve().parents[2] / "badge_classes"
# Every generated credential is valid then.
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIGNED_AGAIN = NOW - timedelta(minutes=1)
LEVELS = ((), (1,), (2,), (3,), (1, 2), (2, 3), (1, 2, 3))
FRAMEWORKS = ("ROME", "ESCO", "CLEA")
URLS = (
    "https://candidat.francetravail.fr/metierscope/fiche-metier/J1301",
    "http://data.europa.eu/esco/skill/7bb01a18-4637-4535-ba18-258f48f705b8",
    "https://référentiel.example/métier/électricien?q=é&r=1#compétence",
    "https://example.org/%C3%A9t%C3%A9/%2F?x=%20#a:b",
    "https://user@example.org:8443/p;v=1/q,2/(3)'*!$~",
    "urn:isbn:9782070360024",
    "tag:example.org,2026:𠀀",
)
PLACES = (
    Addresses("https://badges.example", "https://reseau.example"),
    Addresses("http://localhost:8000", "http://localhost:8000"),
)


NOWHERE = StatusPlace("nowhere", 0)
RECOGNITION = Issuer(
    slug="reconnaissance",
    name="Badges de savoir-faire",
    email="badges@badges.example",
    description="Atteste des savoir-faire observés au travail.",
    named=False,
)


@dataclass
class Series:
    """A status list of one issuer, while it fills."""

    list_id: str
    taken: set[int] = field(default_factory=set)
    revoked: set[int] = field(default_factory=set)

    def take(self, chance: Entropy, *, revoked: bool) -> StatusPlace:
        """Draw a free place; the first and the last one among the first taken."""
        edges = [index for index in (0, status_list.MINIMUM_LENGTH - 1) if index not in self.taken]
        index = edges[0] if edges else chance.below(status_list.MINIMUM_LENGTH)
        while index in self.taken:
            index = chance.below(status_list.MINIMUM_LENGTH)
        self.taken.add(index)
        if revoked:
            self.revoked.add(index)
        return StatusPlace(self.list_id, index)


@dataclass(frozen=True)
class Signatory:
    """An issuer with its keys and its status lists."""

    issuer: Issuer
    addresses: Addresses
    keys: tuple[KeySigner, ...]
    series: tuple[Series, ...]

    @property
    def did(self) -> str:
        return self.addresses.issuer_did(self.issuer.slug, named=self.issuer.named)

    def document(self) -> JsonObject:
        """The DID document: every Ed25519 key, and an RSA one as every real issuer has."""
        methods = [VerificationMethod(key.verification_method, self.did, key.public_key) for key in self.keys]
        jwt_key = VerificationMethod(f"{self.did}#jwt-1", self.did, _rsa_key().public_key())
        return did_document(self.did, [*methods, jwt_key])

    def signed_lists(self) -> Iterator[JsonObject]:
        for series in self.series:
            encoded = status_list.encode(series.revoked)
            document = plan_status_list(series.list_id, self.issuer, encoded, NOW - timedelta(hours=1), self.addresses)
            yield data_integrity.secure(document, self.keys[-1], NOW - timedelta(hours=1))


# An unsigned document that still lacks its status place.
Draft = Callable[[StatusPlace], JsonObject]


@dataclass(frozen=True)
class Case:
    """A signed credential, and whether its status bit is set."""

    document: JsonObject
    revoked: bool


@dataclass(frozen=True)
class Generated:
    """Signed credentials, and everything that a verifier has to resolve to judge them.

    Attributes:
        controllers: DID documents by DID.
        lists: status list credentials by URL.
    """

    cases: tuple[Case, ...]
    controllers: dict[str, JsonObject]
    lists: dict[str, JsonObject]


def generate(chance: Entropy, count: int) -> Generated:
    """Draw `count` credentials: every class of the catalogue in turn, and as many achievements of no catalogue."""
    catalogue = [entry.achievement for entry in read_catalogue(CATALOGUE).entries]
    signatories = make_signatories(chance)
    cases = []
    for number in range(count):
        known = catalogue[number // 2 % len(catalogue)]
        achievement = known if number % 2 else make_achievement(chance)
        kind = draw_endorsement if chance.below(7) == 0 else draw_credential
        signatory = signatories[chance.below(len(signatories))]
        cases.append(make_case(chance, signatory, kind(chance, signatory, achievement), revoked=chance.below(8) == 0))
    return resolvable(signatories, cases)


def generate_for(chance: Entropy, achievements: Sequence[Achievement]) -> Generated:
    """Draw one credential for each of `achievements`."""
    signatories = make_signatories(chance)
    cases = [make_case(chance, signatories[0], draw_credential(chance, signatories[0], one)) for one in achievements]
    return resolvable(signatories, cases)


def make_signatories(chance: Entropy) -> list[Signatory]:
    """Draw the issuers: a neutral one and three named ones, on a public origin and on this machine."""
    return [_signatory(chance, addresses, number) for addresses in PLACES for number in range(4)]


def resolvable(signatories: Sequence[Signatory], cases: Sequence[Case]) -> Generated:
    """Put `cases` together with what their issuers publish."""
    lists = {document["id"]: document for one in signatories for document in one.signed_lists()}
    return Generated(tuple(cases), {one.did: one.document() for one in signatories}, lists)


def make_achievement(chance: Entropy) -> Achievement:
    """Draw an achievement that no catalogue would hold."""
    return Achievement(
        slug=f"x-{chance.below(10_000)}",
        code=make_text(chance),
        version=("1", "2", "2.1", "2026-03")[chance.below(4)],
        name=make_text(chance),
        description=make_text(chance),
        easy_read=make_text(chance),
        sector="medico_social",
        levels=LEVELS[chance.below(len(LEVELS))],
        criteria=make_texts(chance, 5),
        evidence=(make_text(chance), "")[chance.below(2)],
        achievement_type=sorted(ACHIEVEMENT_TYPES)[chance.below(len(ACHIEVEMENT_TYPES))],
        language=("fr", "en", "fr-BE")[chance.below(3)],
        published_on=date(2023, 9, 4),
        validity_months=(None, 1, 24, 600)[chance.below(4)],
        alignments=tuple(_alignment(chance) for _ in range(chance.below(4))),
        caution=(make_text(chance), None)[chance.below(2)],
        tags=make_texts(chance, 4),
        milestone=chance.below(6) == 0,
    )


def _alignment(chance: Entropy) -> Alignment:
    framework = FRAMEWORKS[chance.below(len(FRAMEWORKS))]
    url = URLS[chance.below(len(URLS))]
    return Alignment(framework, make_text(chance), make_text(chance), url, partial=chance.below(2) == 0)  # type: ignore[arg-type]


def _signatory(chance: Entropy, addresses: Addresses, number: int) -> Signatory:
    issuer = RECOGNITION if number == 0 else _member(chance, number)
    did = addresses.issuer_did(issuer.slug, named=issuer.named)
    keys = tuple(
        KeySigner(Ed25519PrivateKey.from_private_bytes(chance.random_bytes(32)), f"{did}#key-{key}") for key in (1, 2)
    )
    return Signatory(issuer, addresses, keys, tuple(Series(f"{issuer.slug}-{n}") for n in (1, 2)))


def _member(chance: Entropy, number: int) -> Issuer:
    return Issuer(
        slug=f"entreprise-{number}",
        name=make_text(chance),
        email="contact@pont.example",
        description=make_text(chance),
        named=True,
        url=(None, "https://pont.example/")[chance.below(2)],
    )


def make_case(chance: Entropy, signatory: Signatory, unsigned: Draft, *, revoked: bool = False) -> Case:
    """Give a draft its place in a status list, and sign it; one in ten as if it were signed again."""
    place = signatory.series[chance.below(2)].take(chance, revoked=revoked)
    document = unsigned(place)
    if chance.below(10) == 0:
        document = resigned(document, SIGNED_AGAIN)
    signer = signatory.keys[chance.below(len(signatory.keys))]
    return Case(data_integrity.secure(document, signer, NOW - timedelta(seconds=chance.below(60))), revoked)


def draw_credential(chance: Entropy, signatory: Signatory, achievement: Achievement) -> Draft:
    """Draft a credential for `achievement`; a milestone brings other achievements together."""
    observations = 1 + chance.below(12)
    awarded_on = date(2026, 5, 1) + timedelta(days=chance.below(20))
    expiry = expiry_of(awarded_on, achievement)
    plan = CredentialPlan(
        credential_id=str(chance.new_uuid()),
        subject_id=("", "urn:uuid:")[chance.below(2)] + str(chance.new_uuid()),
        achievement=achievement,
        level=achievement.levels[chance.below(len(achievement.levels))] if achievement.levels else None,
        issuer=signatory.issuer,
        creator=RECOGNITION,
        observation_count=observations,
        observer_count=1 + chance.below(observations),
        awarded_on=awarded_on,
        valid_from=NOW - timedelta(days=5, microseconds=chance.below(10**6)),
        # What lasts a month may have ended already.
        valid_until=expiry and max(expiry, NOW + timedelta(days=1)),
        status=NOWHERE,
        components=tuple(make_achievement(chance) for _ in range(chance.below(6))) if achievement.milestone else (),
    )
    return lambda place: plan_credential(replace(plan, status=place), signatory.addresses)


def draw_endorsement(chance: Entropy, signatory: Signatory, achievement: Achievement) -> Draft:
    """Draft an endorsement of `achievement`, or of the issuer."""
    subjects = (signatory.did, signatory.addresses.achievement(achievement.slug, achievement.version))
    plan = EndorsementPlan(
        endorsement_id=str(chance.new_uuid()),
        issuer=signatory.issuer,
        subject_url_or_did=subjects[chance.below(2)],
        name=make_text(chance),
        comment=make_text(chance),
        valid_from=NOW - timedelta(days=30),
        valid_until=(None, NOW + timedelta(days=30))[chance.below(2)],
        status=NOWHERE,
    )
    return lambda place: plan_endorsement(replace(plan, status=place), signatory.addresses)


@cache
def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
