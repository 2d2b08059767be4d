"""The constants of the choice make the rates at the start; awareness is exactly 1 - exp(-intensity)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import choosing, found, start_of, tuned, with_parameters, with_scenario, without
from scipy.special import expit, logsumexp

from relocsim.errors import SpecError
from relocsim.model import Foundation, RelocationModel, choice_values, lay_foundation
from relocsim.phases import anchor, awareness
from relocsim.phases.decision import ABROAD, CLOSE, Decisions, decide
from relocsim.phases.setting import quarterly
from relocsim.spec import Spec


def first_decisions(foundation: Foundation) -> tuple[Decisions, np.ndarray]:
    """Return what everybody would do under review in the first quarter, and the share of firms each stands for."""
    setting, population = foundation.setting, foundation.population
    state, levers = start_of(foundation)
    here = found(foundation)
    values = choice_values(setting, state, levers, here.sheet, foundation.reference_cost)
    rows = np.flatnonzero(population.stock)
    usual = setting.parameters.awareness_past * awareness.contact_rate(setting, here.access)
    contact = np.repeat(usual, len(values.home) // len(usual), axis=0)
    weight = population.weight[rows]
    return decide(setting, foundation.choosers, rows, values, contact, 0), weight / weight.sum()


def realised(foundation: Foundation) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of reviews that end elsewhere, abroad and closed, and their standard errors."""
    decided, weight = first_decisions(foundation)
    away = np.isfinite(decided.of_all().max(axis=1))
    seen = [weight @ away, *(weight @ (~away & (decided.outside == option)) for option in (ABROAD, CLOSE))]
    share = np.array(seen)
    return share, np.sqrt(share * (1 - share) * (weight**2).sum())


def wanted(foundation: Foundation) -> np.ndarray:
    """Return the same shares as the rates of the world ask for: a yearly hazard is made of four quarters."""
    terms = foundation.setting.parameters
    ends = [1 - (1 - rate) ** 0.25 for rate in (terms.abroad_rate, terms.close_rate)]
    return np.array([anchor.intention_rate(foundation.setting) / 4, *ends]) / terms.review_hazard


def test_first_reviews_end_at_the_stated_rates_where_all_places_are_known(toy: Spec) -> None:
    foundation = lay_foundation(without(with_scenario(toy, firms=40_000), "awareness"))
    seen, error = realised(foundation)
    assert np.all(np.abs(seen - wanted(foundation)) < 4 * error)


def test_first_reviews_end_at_the_stated_rates_in_a_world_of_many_places(chenzhou: Spec) -> None:
    foundation = lay_foundation(with_scenario(chenzhou, firms=8_000))
    seen, error = realised(foundation)
    assert np.all(np.abs(seen - wanted(foundation)) < 4 * error)


def test_few_places_known_by_chance_leave_relocation_a_little_below_its_rate(toy: Spec) -> None:
    """The log-sum is expected over awareness and not the share, which is concave in it: a bias of a few per cent."""
    foundation = lay_foundation(with_scenario(toy, firms=40_000))
    seen, _ = realised(foundation)
    assert 0.95 < seen[0] / wanted(foundation)[0] < 1.0


def test_new_firms_go_elsewhere_at_the_stated_rate(toy: Spec) -> None:
    foundation = lay_foundation(without(toy, "awareness"))
    setting, (state, levers) = foundation.setting, start_of(foundation)
    values = choice_values(setting, state, levers, found(foundation).sheet, foundation.reference_cost)
    stock = foundation.population.stock
    share = np.bincount(foundation.population.segment[stock], foundation.population.weight[stock], len(values.home))
    scale = setting.parameters.nest_lambda
    with np.errstate(divide="ignore"):
        away = scale * logsumexp(values.place / scale, axis=1) + foundation.choosers.intercepts.entry
    arrives, _ = anchor.arrival(setting)
    seen = share @ expit(away - values.home) / share.sum()
    assert seen * arrives == pytest.approx(setting.parameters.entry_away_share, rel=1e-9)


def test_arrival_is_the_product_of_the_stages_and_the_sum_of_their_times(foundation: Foundation) -> None:
    terms = foundation.setting.parameters
    advance = [terms.sign_hazard, terms.honour_hazard, terms.ground_hazard, terms.produce_hazard]
    lose = [terms.sign_loss, terms.honour_loss, terms.ground_loss, terms.produce_loss]
    here, years = 1.0, 0.0
    for h, loss in zip(advance, lose, strict=True):
        leave = h + (1 - h) * loss
        years += here / leave / 4
        here *= h / leave
    assert anchor.arrival(foundation.setting) == pytest.approx((here, years))
    sure, longer = anchor.arrival(tuned(foundation.setting, delivery_losses=False))
    assert sure == 1
    assert longer == pytest.approx(sum(1 / (4 * h) for h in advance))


def test_a_renewal_cycle_gives_the_rate_of_arrivals(foundation: Foundation) -> None:
    """Arrivals a year = share that arrives / (free time to an intention + time that it lasts)."""
    setting = foundation.setting
    arrives, lasts = anchor.arrival(setting)
    assert arrives / (1 / anchor.intention_rate(setting) + lasts) == pytest.approx(setting.parameters.relocation_rate)


def test_constants_do_not_depend_on_the_policies_of_the_scenario(toy: Spec, foundation: Foundation) -> None:
    everything = lay_foundation(
        replace(toy, policies={n: p.model_copy(update={"on": True}) for n, p in toy.policies.items()})
    )
    assert everything.choosers.intercepts == foundation.choosers.intercepts


def test_rates_that_reviews_cannot_make_are_refused(toy: Spec) -> None:
    with pytest.raises(SpecError, match=r"more than half of the yearly reviews .*raise review_hazard"):
        lay_foundation(with_parameters(toy, close_rate=0.3))


def test_a_rate_of_zero_is_never(toy: Spec) -> None:
    intercepts = lay_foundation(with_parameters(toy, abroad_rate=0.0, entry_away_share=0.0)).choosers.intercepts
    assert intercepts.abroad == -np.inf
    assert intercepts.entry == -np.inf


def test_a_yearly_hazard_is_made_of_four_quarters() -> None:
    assert (1 - quarterly(0.2)) ** 4 == pytest.approx(0.8)


# ---------------------------------------------------------------- awareness


@pytest.mark.parametrize("intensity", [0.05, 0.5, 1.0, 3.0])
def test_awareness_is_one_minus_the_exponential_of_intensity(foundation: Foundation, intensity: float) -> None:
    setting = foundation.setting
    _, tastes = choosing(setting, 40_000)
    seen = awareness.known(setting, np.full(tastes.threshold.shape, intensity), tastes.threshold)
    share = 1 - np.exp(-intensity)
    assert seen.mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / seen.size))
    between = np.corrcoef(seen.T.astype(float)) - np.eye(seen.shape[1])
    assert np.abs(between).max() < 5 / np.sqrt(len(seen)), "places are known independently"


@given(st.lists(st.floats(0, 2), min_size=1, max_size=6))
def test_what_is_known_stays_known(foundation: Foundation, contacts: list[float]) -> None:
    setting, threshold = foundation.setting, foundation.choosers.tastes.threshold
    before = np.zeros(threshold.shape, bool)
    for intensity in np.cumsum(contacts):
        now = awareness.known(setting, np.full(threshold.shape, intensity), threshold)
        assert np.all(now >= before)
        before = now


def test_contacts_add_up_over_quarters(foundation: Foundation) -> None:
    setting = tuned(foundation.setting, peers=False)
    model = RelocationModel(foundation.spec, foundation=replace(foundation, setting=setting), on=())
    access = found(foundation).access
    rate = awareness.contact_rate(model.setting, access)
    for _ in range(5):
        model.step()
    usual = rate * (model.setting.parameters.awareness_past + 4 / 4)
    contact = model.contact.reshape(model.setting.shape)
    np.testing.assert_allclose(contact, np.broadcast_to(usual[:, None, None, :], contact.shape), rtol=1e-12)


def test_places_of_standing_and_places_near_are_better_known(foundation: Foundation) -> None:
    setting, access = foundation.setting, found(foundation).access
    terms = setting.parameters
    rate = awareness.contact_rate(setting, access)
    for row, origin in enumerate(setting.places.origins):
        for place in range(setting.shape[3]):
            near = np.exp(-terms.awareness_decay * access.hours[origin, place])
            expected = terms.awareness_base * setting.places.standing[place] + terms.awareness_proximity * near
            assert rate[row, place] == pytest.approx(expected)
