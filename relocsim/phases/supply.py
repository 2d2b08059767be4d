"""Supporting industry: coverage of each input in each place, depth of each chain, premium of what comes from afar.

Coverage is m = N / (N + kappa) of local output N; depth is the weighted power mean of coverage over a chain's inputs, with
an exponent below zero, so that one missing key component caps the chain (MODEL.md, section 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from relocsim import kernels
from relocsim.kernels import Fixed, costing
from relocsim.metrics.clusters import depth_of
from relocsim.phases.segments import JointMoves
from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers
from relocsim.world.network import Access
from relocsim.world.state import PlaceState

HOURS_OF_FRICTION = 8.0
"""Distance in hours at which `sourcing_friction` is stated."""


@dataclass(frozen=True)
class Supply:
    """Supporting industry in one quarter."""

    coverage: np.ndarray
    """Share of the need of each input met on the spot, (X, P)."""
    depth: np.ndarray
    """Depth of supporting industry by sector, (S, P), in [0, 1]."""
    premium: np.ndarray
    """Extra cost of what does not come from the spot, yuan per 100 of inputs, by sector and origin, (S, O, P)."""


class Haul(NamedTuple):
    """What lies between two places for an input that goes from the first to the second."""

    distance: np.ndarray
    """Way of goods over their mean haul, (P, P)."""
    delay: np.ndarray
    """Capital on the way, search and quality control, yuan per 100 of inputs, (P, P); inf on the diagonal."""
    source: np.ndarray
    """Places that may be the best source of some input, for one place after the other, (N,)."""
    first: np.ndarray
    """Where those of each place begin, and where the last end, (P + 1,)."""
    fixed: Fixed
    """What the kernel of premiums goes by."""

    def cost(self, freight: np.ndarray, source: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Return the extra cost of goods of `freight` (yuan per 100 over the mean haul) between places, yuan per 100."""
        return freight * self.distance[source, place] + self.delay[source, place]


def local_output(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return output of every input, 1e8 yuan/year, (P, X): sectors, then key components."""
    sectors = setting.sectors
    output = setting.standing_output(state.output) + added_output(setting, levers)
    output += state.turned
    made = output.T.take(sectors.maker, axis=0)  # place by place in a row, along which `coverage` takes its sums
    made *= sectors.made_share[:, None]
    made[len(sectors.ids) :] *= np.maximum(state.presence, levers["component_presence"]).T
    return made.T


@once
def added_output(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the output that policies raise on the spot, (P, S): recruited suppliers and start-ups of talent."""
    startups = levers["talent_projects"] * setting.sectors.firm_output * setting.parameters.startup_size
    return levers["recruited_output"] + startups


def coverage(setting: Setting, made: np.ndarray) -> np.ndarray:
    """Return the share of the need of each input met on the spot, (X, P), neighbours counted by distance."""
    # not by BLAS, whose threads may change bits
    near = np.einsum("pq,qx->px", setting.near, made / np.maximum(setting.places.sites, 1.0)[:, None])
    share = near + half_covered(setting)
    np.divide(near, share, out=share)
    return np.maximum(setting.parameters.coverage_floor, share, out=share).T


@once
def half_covered(setting: Setting) -> np.ndarray:
    """Return the output within reach by which half of the need of each input is met, 1e8 yuan/year a prefecture, (X,)."""
    terms = setting.parameters
    kappa = np.full(len(setting.national), terms.component_kappa)
    kappa[: len(setting.sectors.ids)] = terms.coverage_kappa
    return kappa * setting.national


def depth(setting: Setting, covered: np.ndarray) -> np.ndarray:
    """Return the depth of supporting industry, (S, P): power mean of coverage with the weights of needs."""
    rho = setting.parameters.weakest_link_rho if setting.switches.weakest_link else 1.0
    return depth_of(covered, setting.needs, rho)


@once
def haul_premium(setting: Setting, access: Access) -> Haul:
    """Return what lies between two places for an input."""
    terms = setting.parameters
    delay = terms.inventory_cost * access.freight_hours / 24
    delay = delay + terms.sourcing_friction * access.hours / HOURS_OF_FRICTION
    np.fill_diagonal(delay, np.inf)
    distance = np.ascontiguousarray(access.freight_km / terms.mean_haul)
    delay = np.ascontiguousarray(delay)
    source, first = _sources(setting, distance, delay)
    fixed = costing.hauls(
        setting.needs, setting.places.origins, source, first, distance=distance, delay=delay,
        freight=freight_of_inputs(setting), newcomer=terms.new_supplier_cost,
    )  # fmt: skip
    return Haul(distance, delay, source, first, fixed)


def _sources(setting: Setting, distance: np.ndarray, delay: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sources that may be the best of some input, place by place, as `Haul` holds them.

    No other can be: it lies farther off than the nearest by more than the thinnest source costs beside the deepest. What
    a source costs beside another is linear in freight, so that it is least for the cheapest or the dearest input to carry;
    it is asked beside the sources that are nearest for these two.
    """
    terms, freight = setting.parameters, freight_of_inputs(setting)
    most = terms.sourcing_friction * (1 - terms.coverage_floor) * (1 + 1e-9)
    light, heavy = (one * distance + delay for one in (freight.min(), freight.max()))
    near, places = np.ones(distance.shape, dtype=bool), np.arange(len(distance))
    for way in (light, heavy):
        nearest = way.argmin(axis=0), places
        near &= (light <= light[nearest] + most) | (heavy <= heavy[nearest] + most)
    place, source = np.nonzero(near.T)
    return source, np.searchsorted(place, np.arange(len(distance) + 1))


@once
def freight_of_inputs(setting: Setting) -> np.ndarray:
    """Return what carrying each input over the mean haul costs, yuan per 100 of it, (X,): as for what its maker sells."""
    return 100 * setting.sectors.freight[setting.sectors.maker]


def premium(setting: Setting, covered: np.ndarray, haul: Haul) -> np.ndarray:
    """Return the premium of the best other source, (S, O, P), yuan per 100 of inputs.

    A thin source costs search in proportion to what it lacks; the origin's suppliers are known already, any other costs
    the finding of new ones. Nearness to the origin thus stands in for depth.
    """
    terms, origins = setting.parameters, setting.places.origins
    thin = (1 - covered.T) * terms.sourcing_friction
    if kernels.library:
        return costing.premium(kernels.library, haul.fixed, thin, *setting.shape[:2]).swapaxes(0, 1)
    freight, newcomer = freight_of_inputs(setting), terms.new_supplier_cost
    way = haul.source, np.repeat(np.arange(len(thin)), np.diff(haul.first))
    offers = thin.take(haul.source, axis=0)
    offers += haul.distance[way][:, None] * freight + haul.delay[way][:, None]
    elsewhere = np.ascontiguousarray(np.minimum.reduceat(offers, haul.first[:-1], axis=0).T)
    elsewhere += newcomer
    best = freight[:, None, None] * haul.distance[origins]
    best += thin[origins].T[:, :, None]
    best += haul.delay[origins]
    np.minimum(best, elsewhere[:, None, :], out=best)
    flat = setting.needs @ best.reshape(len(best), -1)
    return flat.reshape(-1, len(origins), len(thin))


def joint_moves(setting: Setting, supplied: Supply) -> JointMoves | None:
    """Return what leaders are spared of the cost of missing suppliers, since their own come along, or none."""
    switches, terms = setting.switches, setting.parameters
    if not (switches.supporting_depth and switches.followers and switches.joint_moves):
        return None
    lacking = setting.sectors.tradable[:, None] * (1 - supplied.depth)
    return JointMoves(terms.joint_share, lacking, supplied.premium.swapaxes(0, 1), setting.places.origins)


def supply(setting: Setting, state: PlaceState, levers: Levers, haul: Haul) -> Supply:
    """Return coverage, depth and premium in this quarter."""
    covered = coverage(setting, local_output(setting, state, levers))
    return Supply(covered, depth(setting, covered), premium(setting, covered, haul))
