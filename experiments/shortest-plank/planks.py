"""What one input more is worth to a chain: `python experiments/shortest-plank/planks.py`.

Without luck, over draws of every ranged input but the exponent of depth, which is set. Writes figures.csv and links.csv and
prints what the README says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from relocsim.batch.expecting import access_with, choice_shares
from relocsim.batch.playing import realised
from relocsim.foundation import Conditions, Foundation, choice_values, conditions, first_state, lay_foundation
from relocsim.metrics.clusters import depth_of
from relocsim.metrics.effects import estimate
from relocsim.phases import awareness
from relocsim.phases.decision import Values
from relocsim.phases.supply import haul_premium, local_output
from relocsim.spec import Spec, load
from relocsim.world.levers import CLASSES

HERE = Path(__file__).parent
CITY, LINE, POLICY = "chenzhou", "wuhan-guangzhou-hsr", "supplier-cultivation"
RHOS, DRAWS = (-3.0, -1.0, 0.0, 1.0), 40
LIFT, MONEY = 0.1, 0.5
"""What a plank is lengthened by, share of need met on the spot; what is spent on it, 1e8 yuan."""
COUNTS = 0.02
"""Share of a sector's needs from which an input is one of its planks."""


@dataclass(frozen=True)
class City:
    """The chains of one city in one draw."""

    foundation: Foundation

    @cached_property
    def found(self) -> Conditions:
        """What firms find at the start."""
        setting, levers = self.foundation.setting, self.foundation.neutral.twin()
        access = access_with(self.foundation, [LINE])
        state = first_state(setting, self.foundation.output, self.foundation.presence)
        return conditions(setting, state, levers, access, haul_premium(setting, access), 0.0)

    @cached_property
    def values(self) -> Values:
        """Values of every segment and place at the start."""
        setting, levers = self.foundation.setting, self.foundation.neutral.twin()
        state = first_state(setting, self.foundation.output, self.foundation.presence)
        return choice_values(setting, state, levers, self.found.sheet, self.foundation.reference_cost)

    @cached_property
    def contact(self) -> np.ndarray:
        """Contacts four years after the line opened, (G, P)."""
        setting = self.foundation.setting
        rate = awareness.contact_rate(setting, self.found.access) * awareness.remembered(
            setting, awareness_years(setting)
        )
        return np.repeat(rate, np.prod(setting.shape[1:3]), axis=0)

    @property
    def at(self) -> int:
        """Row of the city."""
        return self.foundation.setting.places.row(CITY)

    @property
    def covered(self) -> np.ndarray:
        """Share of the need of each input met on the spot, (X,)."""
        return self.found.supply.coverage[:, self.at]

    @property
    def need(self) -> np.ndarray:
        """Needs of each sector, (S, X)."""
        return self.foundation.setting.sectors.need

    def depth(self, covered: np.ndarray) -> np.ndarray:
        """Return depth by sector, (S,), of coverages that may differ by sector, (X,) or (S, X)."""
        rho = self.foundation.setting.parameters.weakest_link_rho
        if covered.ndim == 1:
            return depth_of(covered, self.need, rho)
        return np.array([depth_of(row, self.need[[at]], rho)[0] for at, row in enumerate(covered)])

    def inflow(self, depth: np.ndarray) -> np.ndarray:
        """Return the output expected to choose the city by sector, (S,), were its depth so and all else alike."""
        setting = self.foundation.setting
        saved = 100 * setting.sectors.tradable[:, None] * (depth - self.found.supply.depth[:, self.at])[:, None]
        saved = saved * self.found.supply.premium[:, :, self.at] / 100  # (S, O)
        by_class = np.ones(len(CLASSES))
        if setting.switches.joint_moves:
            by_class[CLASSES.index("leader")] -= setting.parameters.joint_share
        better = setting.parameters.sensitivity * (saved.T[:, :, None] * by_class).ravel()
        among, going = self.chosen
        scale = setting.parameters.nest_lambda
        nest = 1 + among * np.expm1(better / scale)
        out = expit(logit(going) + scale * np.log(nest))
        share = out * among * np.exp(better / scale) / nest
        return (share * self.stock).reshape(setting.shape[:3]).sum(axis=(0, 2))

    @cached_property
    def chosen(self) -> tuple[np.ndarray, np.ndarray]:
        """Chance to choose the city among places and to go to any place, at the start, (G,) each."""
        shares = choice_shares(self.foundation, self.values, self.contact)
        going = shares.sum(axis=1)
        return shares[:, self.at] / going, going

    @cached_property
    def stock(self) -> np.ndarray:
        """Output of studied firms by segment, 1e8 yuan/year, (G,)."""
        population, setting = self.foundation.population, self.foundation.setting
        rows = population.stock & setting.places.studied[population.origin]
        weight = population.weight[rows] * population.output[rows]
        return np.bincount(population.segment[rows], weight, int(np.prod(setting.shape[:3])))

    def gain(self, covered: np.ndarray) -> np.ndarray:
        """Return how much more comes by sector with other coverages, %, (S,)."""
        return 100 * (self.inflow(self.depth(covered)) / self.inflow(self.found.supply.depth[:, self.at]) - 1)

    def lifted(self, link: int) -> np.ndarray:
        """Return coverages with one plank longer by LIFT, (X,)."""
        covered = self.covered.copy()
        covered[link] = min(1.0, covered[link] + LIFT)
        return covered

    def bought(self, link: int) -> tuple[np.ndarray, float]:
        """Return coverages with one input cultivated by MONEY, and the part of a component that it pays for (or one)."""
        setting, policy = self.foundation.setting, self.foundation.spec.policies[POLICY]
        sectors, terms = len(setting.sectors.ids), setting.parameters
        state = first_state(setting, self.foundation.output, self.foundation.presence)
        made = local_output(setting, state, self.foundation.neutral)
        part = 1.0
        if link >= sectors and self.foundation.presence[self.at, link - sectors] < 1:
            whole = state.output[self.at, setting.sectors.maker[link]] * setting.sectors.made_share[link]
            made[self.at, link] = max(made[self.at, link], policy.presence * whole)
            part = MONEY / policy.component_outlay
        else:
            made[self.at, link] += MONEY / policy.outlay_share * setting.sectors.made_share[link]
        near = setting.near[self.at] @ (made[:, link] / np.maximum(setting.places.sites, 1.0))
        kappa = terms.coverage_kappa if link < sectors else terms.component_kappa
        covered = self.covered.copy()
        covered[link] = max(terms.coverage_floor, near / (near + kappa * setting.national[link]))
        return covered, part


def awareness_years(setting: object) -> float:
    """Return the years of usual contacts that firms remember when the count begins."""
    return setting.parameters.awareness_past + 4.0


def with_rho(spec: Spec, rho: float) -> Spec:
    """Return the specification with the exponent of depth set."""
    parameters = spec.world.parameters.model_copy(update={"weakest_link_rho": rho})
    return replace(spec, world=spec.world.model_copy(update={"parameters": parameters}))


def by_link(city: City, covered: Callable[[int], np.ndarray]) -> np.ndarray:
    """Return the gain by sector and input that is cultivated, %, (S, X); nan where the input is none of its planks."""
    planks = city.need >= COUNTS
    gains = np.full(planks.shape, np.nan)
    for link in np.flatnonzero(planks.any(axis=0)):
        gains[planks[:, link], link] = city.gain(covered(link))[planks[:, link]]
    return gains


def of_kind(city: City, gains: np.ndarray) -> dict[str, np.ndarray]:
    """Return the gain by sector, (S,), from the plank that is least met on the spot, the mean one, the widest and so on."""
    length = np.where(np.isfinite(gains), city.covered, np.nan)
    rows = np.arange(len(gains))
    found = {
        "shortest": gains[rows, np.nanargmin(length, axis=1)],
        "average": np.nanmean(gains, axis=1),
        "widest": gains[rows, np.where(np.isfinite(gains), city.need, 0.0).argmax(axis=1)],
        "longest": gains[rows, np.nanargmax(length, axis=1)],
        "best": np.nanmax(gains, axis=1),
    }
    paired = {
        "shortest less average": found["shortest"] - found["average"],
        "widest less shortest": found["widest"] - found["shortest"],
    }
    return found | paired


def of_money(city: City) -> np.ndarray:
    """Return the gain by sector and input for the same money, %, (S, X): in proportion where a component costs more."""
    return by_link(city, lambda link: city.bought(link)[0]) * np.array(
        [city.bought(link)[1] for link in range(city.need.shape[1])]
    )


def missing(city: City) -> np.ndarray:
    """Return which inputs are key components that the city lacks, (X,)."""
    sectors = len(city.foundation.setting.sectors.ids)
    lacking = city.foundation.presence[city.at] < 1
    return np.concatenate([np.zeros(sectors, dtype=bool), lacking])


def in_turn(city: City) -> dict[str, list[float]]:
    """Return by sector what is gained after each missing component is had, the best first, %, and last by all together."""
    found, names = {}, city.foundation.setting.sectors.ids
    for at, sector in enumerate(names):
        links = list(np.flatnonzero((city.need[at] > 0) & missing(city)))
        if len(links) < 2:
            continue
        covered, gained = city.covered.copy(), [0.0]
        alone = [city.gain(full(city, city.covered, link))[at] for link in links]
        while links:
            tried = {link: city.depth(full(city, covered, link))[at] for link in links}
            link = max(tried, key=tried.__getitem__)
            links.remove(link)
            covered = full(city, covered, link)
            gained.append(float(city.gain(covered)[at]))
        found[sector] = [*np.diff(gained), float(sum(alone)), gained[-1]]
    return found


def full(city: City, covered: np.ndarray, link: int) -> np.ndarray:
    """Return coverages with one component supplied as in a place that never lacked it."""
    setting = city.foundation.setting
    whole = city.foundation.output[city.at, setting.sectors.maker[link]] * setting.sectors.made_share[link]
    near = setting.near[city.at] @ np.where(
        np.arange(len(setting.places.ids)) == city.at, whole, made_elsewhere(city, link)
    )
    changed = covered.copy()
    national = setting.parameters.component_kappa * setting.national[link]
    changed[link] = max(covered[link], near / (near + national))
    return changed


def made_elsewhere(city: City, link: int) -> np.ndarray:
    """Return what each place makes of an input, a prefecture, 1e8 yuan/year, (P,)."""
    setting = city.foundation.setting
    state = first_state(setting, city.foundation.output, city.foundation.presence)
    return local_output(setting, state, city.foundation.neutral)[:, link] / np.maximum(setting.places.sites, 1.0)


def by_effort(city: City) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Yield the gain by sector, %, (S,), of each effort and plank."""
    for effort, table in (("same lift", by_link(city, city.lifted)), ("same money", of_money(city))):
        for plank, found in of_kind(city, table).items():
            yield (effort, plank), found


def over_sectors(city: City, gains: np.ndarray) -> float:
    """Return gains by sector, (S,), weighted by inflow."""
    return float(np.average(gains, weights=city.inflow(city.found.supply.depth[:, city.at])))


def play() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return gains by exponent, effort, plank and sector; and gains by missing component in turn."""
    spec = load(HERE.parents[1] / "scenarios" / "chenzhou.yaml", settings=["scenario.firms=4000"])
    gains: dict[tuple, list[float]] = {}
    links: dict[tuple, list[float]] = {}
    for number in range(DRAWS):
        drawn = realised(spec, number)
        for rho in RHOS:
            city = City(lay_foundation(with_rho(drawn, rho), replicate=number))
            for (effort, plank), found in by_effort(city):
                for sector, value in [
                    ("all", over_sectors(city, found)),
                    *zip(city.foundation.setting.sectors.ids, found, strict=True),
                ]:
                    gains.setdefault((rho, effort, plank, sector), []).append(float(value))
            for sector, values in in_turn(city).items():
                for step, value in enumerate(values, 1):
                    name = {len(values) - 1: "sum of each alone", len(values): "all together"}.get(step, f"link {step}")
                    links.setdefault((rho, sector, name), []).append(value)
    return tidy(gains, ["rho", "effort", "plank", "sector"]), tidy(links, ["rho", "sector", "link"])


def tidy(figures: dict[tuple, list[float]], keys: list[str]) -> pd.DataFrame:
    """Return one row a figure, gains in %."""
    rows = [dict(zip(keys, key, strict=True)) | asdict(estimate(np.array(values))) for key, values in figures.items()]
    return pd.DataFrame(rows).round(4)


def main() -> None:
    """Write the tables and print them."""
    gains, links = play()
    kept = gains[(gains["sector"] == "all") | (gains["rho"] == -1)]  # by sector at the central exponent alone
    kept.to_csv(HERE / "figures.csv", index=False, lineterminator="\n")
    links.to_csv(HERE / "links.csv", index=False, lineterminator="\n")
    print(gains[gains["sector"] == "all"].to_string(index=False))
    print(gains[(gains["rho"] == -1) & (gains["effort"] == "same lift")].to_string(index=False))
    print(links[links["rho"].isin([-1, 1])].to_string(index=False))


if __name__ == "__main__":
    main()
