"""Decision: stay, branch, move, go abroad or close, and the place.

A nested logit drawn exactly, with persistent tastes. In place c the value over modes is
K = mu ln(exp(U_branch / mu) + exp(U_move / mu)); going elsewhere is worth lambda max_c(K_c / lambda + eps_c) + zeta, with
eps standard Gumbel, persistent by firm and place, and exp(zeta / lambda) positive stable of index lambda, fresh at each
review, so that the whole is Gumbel (McFadden 1978; the stable mixture: Hougaard 1986, Biometrika 73). Staying, going
abroad and closing have a fresh Gumbel of their own. Every value rises with every U.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relocsim.kernels import Fixed, valuing
from relocsim.phases import hopeful
from relocsim.phases.cost import CostSheet
from relocsim.phases.limits import labour_pool
from relocsim.phases.setting import Setting, once
from relocsim.phases.supply import added_output
from relocsim.streams import gumbel, log_positive_stable
from relocsim.world.firms import Population
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState
from relocsim.world.tastes import Tastes

STAY, ABROAD, CLOSE = range(3)
_METRES_PER_HECTARE, _METRES_PER_TEN_THOUSAND = 1e4, 1e4


@dataclass(frozen=True)
class Intercepts:
    """Constants of the choice, solved once from the rates at the start (`relocsim.phases.anchor`)."""

    elsewhere: float
    """Added to every place, for firms that stand somewhere."""
    abroad: float
    """Value of going abroad."""
    close: float
    """Value of closing."""
    entry: float
    """Added to every place, for new firms of an origin."""


@dataclass(frozen=True)
class Values:
    """Systematic values by segment (origin x sector x class, in that order), before intercepts."""

    place: np.ndarray
    """Value of a plant in each place, (G, P); -inf where the place is no choice."""
    home: np.ndarray
    """Value of the origin, (G,)."""


@dataclass(frozen=True)
class Modes:
    """What the way of going adds to the value of a place, for firms that stand somewhere; the same all through a run."""

    gap: np.ndarray
    """Value of a branch less that of a full move, (O, S, P)."""
    either: np.ndarray
    """Value over both modes less that of a plant, (O, S, P)."""
    chance: np.ndarray
    """Chance that a firm going to a place branches and does not move, (O, S, P)."""


def own_industry(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return theta ln of own-industry output within reach over that of the mean prefecture, with a floor, (S, P)."""
    terms = setting.parameters
    if not setting.switches.own_industry:
        return np.zeros((len(setting.sectors.ids), len(setting.places.ids)))
    output = setting.standing_output(state.output) + added_output(setting, levers)
    each = output / np.maximum(setting.places.sites, 1.0)[:, None]  # not by BLAS, whose threads may change bits
    relative = np.einsum("qp,qs->sp", lent(setting), each)
    relative /= setting.national_density[:, None]
    own = np.log(np.maximum(relative, terms.own_industry_floor, out=relative), out=relative)
    own *= terms.own_industry_theta
    return own


@once
def lent(setting: Setting) -> np.ndarray:
    """Return how much the industry of a place (first axis) counts as own industry in each other one, (P, P).

    What is too small for full precision is left out: it adds to no sum above the floor, and is many times as slow.
    """
    given = setting.pooled.T.copy()
    given[given < np.finfo(float).tiny] = 0.0
    return given


def size(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return the size term, (P,): log of what the place can serve in all, in workers.

    Land and factory floor stand in for each other, labour for neither: the lesser of the two sides counts. Odds between
    places go with K / lambda, so that the coefficient on the log in K is lambda times the stated one: at 1 a place of twice
    the sites has twice the odds, and splitting a place in two changes nothing else.
    """
    terms, places = setting.parameters, setting.places
    if not setting.switches.size:
        return np.zeros(len(places.ids))
    room = (state.land_total + levers["land_added"]) * terms.land_to_worker
    room = room + (state.floor_total + levers["floor_added"]) * _METRES_PER_TEN_THOUSAND / terms.floor_to_worker
    served = np.maximum(np.minimum(room, labour_pool(setting, levers)), 1.0)
    return terms.nest_lambda * terms.log_size_coefficient * np.log(served)


def moving_disutility(setting: Setting) -> np.ndarray:
    """Return the utility that a full move costs: annualised moving cost and sunk capital, by sector, (S,)."""
    terms = setting.parameters
    lost = 100 * setting.sectors.capital_ratio * (terms.moving_cost + terms.sunk_share)
    return terms.sensitivity * lost * setting.annuity(terms.horizon)


@dataclass(frozen=True)
class Choosers:
    """Who chooses and by what constants: the same in every arm of a replicate."""

    population: Population
    tastes: Tastes
    ways: Modes
    intercepts: Intercepts

    @cached_property
    def readings(self) -> Fixed:
        """What the kernel of the choice reads of them."""
        population, tastes = self.population, self.tastes
        return valuing.readings(
            either=self.ways.either, taste=tastes.taste, threshold=tastes.threshold, highest=tastes.highest,
            segment=population.segment, owner=population.owner,
        )  # fmt: skip


def modes(setting: Setting) -> Modes:
    """Return what branching and moving add: full moves like the own province, dislike distance and cost capital.

    Over both, mu ln(exp(branch / mu) + exp(move / mu)).
    """
    terms, places = setting.parameters, setting.places
    origins = places.origins
    near = (places.province[origins, None] == places.province)[:, None, :]
    far = terms.move_distance * places.km[origins][:, None, :] / 1000
    branch = terms.own_province_branch * near
    move = terms.own_province_move * near - far - moving_disutility(setting)[None, :, None]
    gap = branch - move
    either = move + terms.mode_mu * np.logaddexp(0.0, gap / terms.mode_mu)
    return Modes(gap, either, branch_chance(setting, gap))


@once
def remoteness(setting: Setting) -> np.ndarray:
    """Return the utility lost by distance from the origin, beside what it costs, (O, P)."""
    terms, places = setting.parameters, setting.places
    log_distance = np.log1p(places.km[places.origins] / terms.distance_near)
    return terms.nest_lambda * terms.distance_elasticity * log_distance


@once
def out_of_reach(setting: Setting) -> np.ndarray:
    """Return the same, infinite at home and in places that are no choice, (O, P)."""
    lost, origins = remoteness(setting).copy(), setting.places.origins
    lost[:, ~setting.places.destination] = np.inf
    lost[np.arange(len(origins)), origins] = np.inf
    return lost


def place_values(
    setting: Setting, sheet: CostSheet, reference: np.ndarray, attraction: np.ndarray, own: np.ndarray
) -> Values:
    """Return systematic values from the cost sheet, a reference cost (S,), appeal and own industry (S, P)."""
    beta, origins = setting.parameters.sensitivity, setting.places.origins
    by_class = attraction + beta * reference[:, None] - beta * sheet.by_class[0, :, 0]
    value = sheet.segments.worth(beta, by_class, sheet.inputs[:, :, 0], out_of_reach(setting))
    home = own[:, origins].T[:, :, None] - beta * (sheet.at_home - reference[:, None])
    return Values(value.reshape(-1, value.shape[-1]), home.ravel())


def review_hazard(setting: Setting, pressure: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the hazard of a review by origin and sector, (O, S): it rises with cost at home since the start."""
    terms = setting.parameters
    return np.minimum(1.0, terms.review_hazard * (pressure / start) ** terms.review_elasticity)


@dataclass(frozen=True)
class Decisions:
    """What firms under review want, before cities choose: (n,) by firm, (m, P) by firm that may go and place."""

    firm: np.ndarray
    """Rows of the population."""
    new: np.ndarray
    """Whether the firm is new."""
    going: np.ndarray
    """Positions among the firms under review of those for which some place is worth going to, (m,), rising."""
    value: np.ndarray
    """K / lambda + taste of each place, float32, (m, P), -inf where it is unknown or worse than not going."""
    shift: np.ndarray
    """What all places of a firm share, (n,): lambda x value + shift is in utility."""
    outside: np.ndarray
    """What the firm does otherwise: STAY, ABROAD or CLOSE."""
    mode_draw: np.ndarray
    """Uniform that decides between branch and full move."""
    tie_draw: np.ndarray
    """Uniform by which places break ties."""
    follows: np.ndarray
    """Row of the leader's project that the firm follows, -1 for others."""

    def of_all(self) -> np.ndarray:
        """Return the values of places for every firm under review, (n, P): -inf throughout where it goes nowhere."""
        value = np.full((len(self.firm), self.value.shape[1]), -np.inf, np.float32)
        value[self.going] = self.value
        return value


def decide(
    setting: Setting, choosers: Choosers, rows: np.ndarray, values: Values, contact: np.ndarray, quarter: int,
    *, by_owner: np.ndarray | None = None,
) -> Decisions:  # fmt: skip
    """Return what the firms in `rows` want, given contacts cumulated by segment and place, (G, P).

    `by_owner` are contacts that firms have beside these by who owns them, (W, P).
    """
    population, intercepts, scale = choosers.population, choosers.intercepts, setting.parameters.nest_lambda
    new = population.born[rows] == quarter if quarter else np.zeros(len(rows), dtype=bool)
    homeless = ~setting.places.studied.take(population.origin.take(rows))
    uid = population.uid[rows]
    draws = setting.streams.lanes("decision", uid, 0, quarter)
    fresh = setting.streams.lanes("decision, nest", uid, 0, quarter)
    home = values.home.take(population.segment.take(rows))
    best, outside = _outside(home, intercepts, draws, new=new, homeless=homeless)
    zeta = scale * log_positive_stable(scale, fresh[0], -np.log(fresh[1]))
    shift = zeta + np.where(new, intercepts.entry, intercepts.elsewhere)
    bar = ((best - shift) / scale).astype(np.float32)
    going, value = hopeful.worth_going(
        setting, choosers, values, rows, new=new, bar=bar, contact=contact, by_owner=by_owner
    )  # fmt: skip
    follows = np.full(len(rows), -1)
    return Decisions(rows, new, going, value, shift, outside, fresh[2], fresh[3], follows)


def _outside(
    home: np.ndarray, intercepts: Intercepts, draws: np.ndarray, *, new: np.ndarray, homeless: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best value of not going to another place and which it is; inland investors have no home."""
    stay, abroad, close = options = gumbel(draws[:3])
    stay += home
    abroad += intercepts.abroad
    close += intercepts.close
    np.copyto(options[ABROAD:], -np.inf, where=new)
    np.copyto(stay, -np.inf, where=homeless)
    best = np.maximum(stay, abroad)
    outside = np.where(close > best, CLOSE, np.where(abroad > stay, ABROAD, STAY))
    outside[homeless] = CLOSE
    return np.maximum(best, close), outside


def branch_chance(setting: Setting, gap: np.ndarray) -> np.ndarray:
    """Return the chance that a firm going to a place branches and does not move, given the gap of the two values."""
    return 1 / (1 + np.exp(-gap / setting.parameters.mode_mu))
