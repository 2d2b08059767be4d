"""Promotion: counted contacts tell the firms that they are aimed at, settled plants tell others, visits help to sign."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from runs import changed, found, projects_of, start_of, tuned, with_parameters, with_policy, with_scenario, without

from relocsim.foundation import empty_levers
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases import awareness, promotion
from relocsim.phases.delivery import deliver, enter_stages
from relocsim.phases.setting import Setting
from relocsim.policies import Site
from relocsim.policies.promotion_campaign import PromotionCampaign
from relocsim.spec import Spec
from relocsim.streams import members
from relocsim.world.levers import CLASSES, OWNERS, Levers
from relocsim.world.projects import SIGNED, STATE

VISITS = {"kind": "promotion_campaign", "city": "beta", "start": "2009-Q1", "mode": "visits"}


def campaign(**fields: object) -> PromotionCampaign:
    return PromotionCampaign.model_validate({**VISITS, **fields})


def pulled(foundation: Foundation, *policies: Any, elapsed: int = 0) -> Levers:
    """Return the levers as policies set them, each its own."""
    levers = empty_levers(foundation.setting, foundation.site)
    for policy in policies:
        levers.apply(policy.changes(foundation.site, elapsed))
    return levers


def told(foundation: Foundation, levers: Levers, setting: Setting | None = None) -> np.ndarray:
    """Return contacts of a quarter at the start beyond the usual ones, (O, S, Z, P)."""
    setting = setting or foundation.setting
    access, (state, _) = found(foundation).access, start_of(foundation)
    nothing = np.zeros(setting.shape[::3])
    return np.broadcast_to(promotion.heard(setting, state, levers, access, nothing), setting.shape)


def at(setting: Setting, place: str) -> int:
    return setting.places.row(place)


# ---------------------------------------------------------------- contacts are counted


@pytest.mark.parametrize("mode", ["visits", "fair", "online"])
def test_contacts_of_a_campaign_add_up_to_those_it_makes(foundation: Foundation, mode: str) -> None:
    setting, terms = foundation.setting, foundation.spec.world.parameters.outreach[mode]
    made = 4 * (told(foundation, pulled(foundation, campaign(mode=mode, effort=10)))[..., at(setting, "beta")])
    intensity = (made * setting.firms).sum()
    assert intensity == pytest.approx(10 * terms.contacts * terms.strength)


def test_a_mode_reaches_classes_by_its_reach_and_only_what_it_can_be_aimed_at(foundation: Foundation) -> None:
    setting = foundation.setting
    aimed = {"sectors": ["electronics"], "origins": ["alpha"]}
    for mode in ("visits", "fair"):
        each = told(foundation, pulled(foundation, campaign(mode=mode, **aimed)))[..., at(setting, "beta")]
        reached = each.any(axis=(0, 2))
        assert reached.tolist() == [s == "electronics" or mode == "fair" for s in setting.sectors.ids]
        by_class = each[:, setting.sectors.ids.index("electronics")].sum(axis=0)
        reach = np.array(foundation.spec.world.parameters.outreach[mode].reach)
        np.testing.assert_allclose(by_class / by_class.max(), reach / reach.max())
        assert not each[~setting.places.studied].any(), "inland investors are not promoted to"


def test_targeted_contacts_beat_scattered_ones_for_the_target(foundation: Foundation) -> None:
    setting, row = foundation.setting, at(foundation.setting, "beta")
    scattered = told(foundation, pulled(foundation, campaign()))[..., row]
    aimed = told(foundation, pulled(foundation, campaign(sectors=["electronics"])))[..., row]
    target = setting.sectors.ids.index("electronics")
    assert np.all(aimed[:, target] >= scattered[:, target])
    assert aimed[:, target].sum() > scattered[:, target].sum()
    assert (aimed * setting.firms).sum() == pytest.approx((scattered * setting.firms).sum()), (
        "no contact is won or lost"
    )


def test_desk_work_multiplies_contacts_no_further_than_to_firms_about_to_review(foundation: Foundation) -> None:
    usual, chosen, beyond = (
        pulled(foundation, campaign(targeting=factor))["contacts"].sum() for factor in (1.0, 1.2, 4.0)
    )
    assert chosen / usual == pytest.approx(1.2)
    assert beyond / usual == pytest.approx(1 / (1 - (1 - foundation.setting.parameters.review_hazard) ** 4))


@given(st.floats(1, 1e5), st.floats(0.01, 0.99))
def test_two_parts_of_a_campaign_are_the_whole(foundation: Foundation, effort: float, share: float) -> None:
    one = pulled(foundation, campaign(effort=effort))
    two = pulled(foundation, campaign(effort=effort * share), campaign(effort=effort * (1 - share)))
    for lever in ("contacts", "visits"):
        np.testing.assert_allclose(one[lever], two[lever], rtol=1e-12)
    terms = foundation.spec.world.parameters
    spent = [campaign(effort=effort * part).spends(terms, 0) for part in (1, share, 1 - share)]
    assert spent[0] == pytest.approx(spent[1] + spent[2])


def test_the_order_of_policies_does_not_matter(foundation: Foundation) -> None:
    kinds = ("promotion_campaign", "project_packaging", "co_built_park")
    policies = [policy for policy in foundation.spec.policies.values() if getattr(policy, "kind", "") in kinds]
    assert len(policies) == len(kinds)
    heard = [told(foundation, pulled(foundation, *order)) for order in permutations(policies)]
    for other in heard[1:]:
        np.testing.assert_array_equal(heard[0], other)


# ---------------------------------------------------------------- and become awareness


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 2))
def test_more_of_anything_never_loses_awareness(
    foundation: Foundation, effort: float, more: float, familiar: float, gain: float
) -> None:
    setting, threshold = foundation.setting, foundation.choosers.tastes.threshold
    segment, row = foundation.population.segment, at(foundation.setting, "beta")

    def heard(contacts: float, familiar: float, gain: float) -> np.ndarray:
        levers = empty_levers(setting, foundation.site)
        levers["contacts"][..., row] += contacts / 1e4
        levers["familiarity"][row] = familiar
        levers["packaging"][row] += gain
        return told(foundation, levers).reshape(-1, setting.shape[3])

    before, now, then = heard(0.0, 0.0, 0.0), heard(effort, familiar, gain), heard(effort + more, familiar, gain)
    for less, greater in ((before, now), (now, then)):
        known = [awareness.known(setting, contact[segment], threshold) for contact in (less, greater)]
        assert np.all(known[0] <= known[1])


@pytest.mark.parametrize("intensity", [0.1, 1.0, 3.0])
def test_firms_contacted_know_with_one_minus_the_exponential(toy: Spec, intensity: float) -> None:
    foundation = lay_foundation(toy)
    setting, population, row = foundation.setting, foundation.population, at(foundation.setting, "beta")
    levers = empty_levers(setting, foundation.site)
    levers["contacts"][..., row] = 4 * intensity
    contact = told(foundation, levers).reshape(-1, setting.shape[3])[population.segment]
    known = awareness.known(setting, contact, foundation.choosers.tastes.threshold)
    known = known[setting.places.studied[population.origin]]
    share = 1 - np.exp(-intensity)
    assert known[:, row].mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(known)))
    assert not np.delete(known, row, axis=1).any()


def test_better_projects_act_on_contacts_and_on_the_usual_promotion(foundation: Foundation) -> None:
    setting, terms = foundation.setting, foundation.setting.parameters
    row, levers = at(foundation.setting, "beta"), pulled(foundation, campaign())
    before = told(foundation, levers)[..., row]
    packaging = levers["packaging"].copy()
    packaging[row] = 1.5
    gained = told(foundation, levers.twin(packaging=packaging))[..., row] - before
    usual = terms.usual_promotion * terms.awareness_base * setting.places.standing[row] / 4
    np.testing.assert_allclose(gained, 0.5 * (before + usual), rtol=1e-12)


def test_a_partner_makes_a_place_as_familiar_as_if_it_were_near(foundation: Foundation) -> None:
    setting, terms, row = foundation.setting, foundation.setting.parameters, at(foundation.setting, "delta")
    near = awareness.nearness(setting, found(foundation).access)
    origin = np.flatnonzero(setting.places.studied)[0]
    far = near[origin, row]
    for familiar in (far / 2, (1 + far) / 2):
        levers = empty_levers(setting, foundation.site)
        levers["familiarity"][row] = familiar
        more = 4 * told(foundation, levers)[origin, 0, 0, row]
        assert more == pytest.approx(terms.awareness_proximity * max(0.0, familiar - far))


def test_what_is_forgotten_is_a_share_a_year(toy: Spec) -> None:
    forgetting = without(with_parameters(toy, awareness_forget=0.3), "peers")
    model = RelocationModel(forgetting, on=())
    rate = awareness.contact_rate(model.setting, found(model.foundation).access)[0, at(model.setting, "beta")]
    decay = -np.log(0.7)
    expected = rate * (1 - np.exp(-decay * model.setting.parameters.awareness_past)) / decay
    for _ in range(4):
        model.step()
        assert model.contact[0, at(model.setting, "beta")] == pytest.approx(expected)
        expected = expected * 0.7**0.25 + rate / 4


def test_firms_of_an_owner_hear_of_its_park_wherever_they_stand(toy: Spec) -> None:
    aware = with_parameters(toy, awareness_base=0.05, awareness_proximity=0.0)
    park = changed(toy.policies["co-built-park"], origins=[], contacts=0.0, land=0, floor=0)
    spec = with_policy(with_policy(aware, "with", changed(park, contacts=3.0)), "without", park)
    foundation = lay_foundation(spec)
    models = [RelocationModel(spec, foundation=foundation, on=[name]) for name in ("with", "without")]
    for model in models:
        for _ in range(12):
            model.step()
    row, owner = at(foundation.setting, "beta"), OWNERS.index("hong_kong_taiwan")
    by_owner = models[0].owner_contact
    assert by_owner[owner, row] == pytest.approx(4 / 4 * 3.0), "a year of it"
    assert np.count_nonzero(by_owner) == 1
    np.testing.assert_array_equal(models[0].contact[:, row] >= models[1].contact[:, row] - 1e-12, True)
    who = [model.population.owner[model.projects.firm[model.projects.place == row]] for model in models]
    assert (who[0] == owner).sum() > (who[1] == owner).sum()


def test_owners_are_drawn_by_their_shares_at_the_origin(toy: Spec) -> None:
    setting = lay_foundation(with_scenario(toy, firms=4_000))
    population, places = setting.population, setting.setting.places
    for position, place in enumerate(places.origins):
        held = population.owner[population.origin == position]
        for owner, share in enumerate(places.owners[place]):
            error = np.sqrt(share * (1 - share) / len(held))
            assert (held == owner).mean() == pytest.approx(share, abs=4 * error)


def test_a_park_needs_a_partner(foundation: Foundation) -> None:
    with pytest.raises(ValidationError, match="needs a partner"):
        changed(foundation.spec.policies["co-built-park"], origins=[], owners=[])


# ---------------------------------------------------------------- settled firms tell others


def settled(foundation: Foundation, sector: int, firms: float, output: float = 0.0) -> np.ndarray:
    """Return contacts by peers, (O, S, P), when firms of the studied origin and one sector have settled in beta."""
    state, setting = start_of(foundation)[0], foundation.setting
    origin = np.flatnonzero(setting.places.studied)[0]
    state.plants[origin, sector, at(setting, "beta")] = firms
    state.plants_output[origin, sector, at(setting, "beta")] = output
    return promotion.by_peers(setting, state, 1.0, np.zeros((setting.shape[0], setting.shape[3])))


def test_peers_tell_their_sector_more_than_their_origin_and_other_places_nothing(foundation: Foundation) -> None:
    setting = foundation.setting
    origin, row = np.flatnonzero(setting.places.studied)[0], at(setting, "beta")
    peers = settled(foundation, 1, setting.firms[origin, 1].sum() / 100)
    assert peers[origin, 1, row] > peers[origin, 0, row] > 0
    assert not np.delete(peers, row, axis=2).any()
    inland = np.flatnonzero(~setting.places.studied)[0]
    assert peers[inland, 1, row] > 0 == peers[inland, 0, row], "inland investors hear of their trade alone"


def test_peers_are_the_chance_that_one_of_those_known_is_there(foundation: Foundation) -> None:
    setting, terms = foundation.setting, foundation.setting.parameters
    origin, row = np.flatnonzero(setting.places.studied)[0], at(setting, "beta")
    firms = setting.firms[origin].sum(axis=1)
    peers = settled(foundation, 1, firms[1] / 100, foundation.output[setting.places.origins[origin], 1] / 50)
    share = setting.partners.toarray()[0, 1]
    k = terms.peers_of_origin * firms[1] / 100 / firms.sum() + terms.partners * share / 50
    assert peers[origin, 0, row] == pytest.approx(terms.awareness_peers * (1 - np.exp(-k)))


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_more_peers_tell_more_up_to_a_limit(foundation: Foundation, firms: float, more: float) -> None:
    less, greater = settled(foundation, 0, firms), settled(foundation, 0, firms + more)
    assert np.all(less <= greater)
    assert np.all(greater <= foundation.setting.parameters.awareness_peers)


def test_trading_partners_are_customers_and_suppliers(foundation: Foundation) -> None:
    weights = foundation.setting.partners.toarray()
    assert np.all(weights >= 0)
    assert np.all(weights.sum(axis=1) <= 1 + 1e-12)
    assert weights.sum() > 0


def test_plants_are_those_that_came_and_produce(everything: RelocationModel) -> None:
    projects, setting = everything.projects, everything.setting
    counted = np.zeros_like(everything.places.plants)
    rows = (projects.dates[-1] >= 0) & (projects.kind != STATE) & (projects.gone < 0)
    np.add.at(counted, (projects.origin[rows], projects.sector[rows], projects.place[rows]), projects.firms[rows])
    np.testing.assert_allclose(everything.places.plants, counted, rtol=1e-12)
    made = everything.places.plants_output.sum(axis=(0, 1))
    np.testing.assert_allclose(
        made, np.bincount(projects.place[rows], (projects.output * projects.running)[rows], setting.shape[3])
    )


# ---------------------------------------------------------------- visits help to sign


def signed(foundation: Foundation, visits: float, count: int = 2_000, setting: Setting | None = None) -> set[int]:
    """Return which of many intentions in beta are signed in a quarter in which so many visits are made in a year."""
    setting = setting or foundation.setting
    levers, row = empty_levers(setting, foundation.site), at(setting, "beta")
    levers["visits"][row] = visits
    uid = members("intentions", count)
    projects = projects_of(setting.sectors, 0, count, uid=uid, place=np.full(count, row), firms=np.full(count, 2.0))
    enter_stages(setting, projects, np.arange(count), 0)
    return set(deliver(setting, start_of(foundation)[0], projects, levers).advanced.tolist())


def test_visits_never_lose_a_signature(foundation: Foundation) -> None:
    before: set[int] = set()
    for visits in (0, 1e4, 1e5, 1e6, 1e8):
        now = signed(foundation, visits)
        assert before <= now
        before = now
    assert len(signed(foundation, 0)) < len(before)


def test_at_the_documented_ratio_signing_rises_as_the_elasticity_says(foundation: Foundation) -> None:
    setting, terms = foundation.setting, foundation.setting.parameters
    row = at(foundation.setting, "beta")
    projects = projects_of(setting.sectors, 0, 10, place=np.full(10, row), firms=np.full(10, 3.0))
    for visits, more in (
        (0, 1.0),
        (120 * terms.visits_per_signing, 2**terms.visit_elasticity),
        (1e9, terms.visit_limit),
    ):
        levers = empty_levers(setting, foundation.site)
        levers["visits"][row] = visits
        factor = promotion.signing(setting, levers, projects, projects.open_rows())
        assert factor[row] == pytest.approx(more)
    projects.stage[:] = SIGNED
    assert promotion.signing(setting, levers, projects, projects.open_rows())[row] <= terms.visit_limit


# ---------------------------------------------------------------- off


def test_with_promotion_off_campaigns_only_cost(foundation: Foundation) -> None:
    setting = tuned(foundation.setting, promotion=False)
    levers = pulled(foundation, *foundation.spec.policies.values())
    assert not told(foundation, levers, setting).any()
    assert signed(foundation, 1e8, setting=setting) == signed(foundation, 0)


def test_with_peers_off_plants_are_silent(foundation: Foundation) -> None:
    setting, (state, levers) = tuned(foundation.setting, peers=False), start_of(foundation)
    state.plants += 100
    access, nothing = found(foundation).access, np.zeros(setting.shape[::3])
    assert not promotion.heard(setting, state, levers, access, nothing).any()
    assert promotion.heard(foundation.setting, state, levers, access, nothing).any()


def test_a_target_without_firms_makes_no_contacts(foundation: Foundation) -> None:
    empty = replace(foundation.site, firms=np.zeros_like(foundation.site.firms))
    changes = campaign().changes(empty, 0)
    assert np.isfinite([change.value for change in changes]).all()
    assert isinstance(empty, Site)
    assert len(changes) == len(CLASSES) + 1


def test_more_effort_costs_more_and_a_targeted_campaign_its_desk(toy: Spec) -> None:
    terms = toy.world.parameters
    plain, desk = campaign(effort=1000), campaign(effort=1000, targeting=1.5)
    assert plain.spends(terms, 0) == pytest.approx(1000 * terms.outreach["visits"].cost / 4)
    assert desk.spends(terms, 0) == pytest.approx(plain.spends(terms, 0) + desk.desk_outlay / 4)
    assert changed(plain, effort=2000).spends(terms, 0) == pytest.approx(2 * plain.spends(terms, 0))
