"""The page of a milestone: what it brings together, and what became of it since."""

from io import BytesIO

from sqlalchemy import select

from badges_server.services.awarding import award_file
from badges_server.services.offers import new_link
from badges_server.services.pathways import confirm_condition
from badges_server.storage.tables import AwardRow
from tests.web.sample import Sample

BROWSER = {"Accept": "text/html", "Accept-Language": "fr"}
LAST_STEP = """organisation,recipient_ref,achievement,level,observed_on,observer,observed_on_2,observer_2,accepted_on
coup-de-main-bocage,CDM-2024-001,ms-01,2,2026-11-16,cdm-01,2026-11-18,cdm-02,2026-11-20
"""


def reach_the_milestone(sample: Sample) -> str:
    """Samira lacks MS-01 at level 2 and a condition: give both, accept, give back the milestone's code."""
    server = sample.server
    source = BytesIO(LAST_STEP.encode())
    report = award_file(server, source, issuer=None, dry_run=False, partial=False)
    assert not report.refused
    with server.database.reading() as session:
        of = select(AwardRow.person_id).where(AwardRow.achievement_slug == "ms-01", AwardRow.level == 2)
        person = session.scalars(of.order_by(AwardRow.awarded_on.desc())).first()
    assert person is not None
    (milestone,) = confirm_condition(server, person, "par-1", "observation_in_establishment", confirmed_by="cdm-01")
    with server.database.transaction() as session:
        token = new_link(server, session, milestone)
    answer = sample.app.test_client().post(f"/mes-badges/offre/{token}", data={"answer": "accept"}, headers=BROWSER)
    assert answer.status_code == 200
    return sample.code("signed", achievement="par-1")


def test_a_milestone_says_which_of_its_badges_have_lapsed(own_sample: Sample) -> None:
    code = reach_the_milestone(own_sample)
    client = own_sample.app.test_client()
    fresh = client.get(f"/v/{code}", headers=BROWSER).text
    assert "Badge authentique</h1>" in fresh
    assert "Badges réunis ce jour" in fresh
    assert "Badge d’étape" in fresh
    assert "plus valable" not in fresh
    # « Gestes et postures » and « Doser et utiliser les produits » last two years; the milestone has no end.
    own_sample.clock.advance(days=3 * 365)
    later = client.get(f"/v/{code}", headers=BROWSER).text
    assert "Badge authentique</h1>" in later
    assert "Depuis ce jour, 2 de ces badges ne sont plus valables." in later
