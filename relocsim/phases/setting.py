"""What a run never changes and every phase may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from scipy import sparse

from relocsim.spec.scenario import Switches
from relocsim.streams import Streams
from relocsim.world.columns import Places, Sectors
from relocsim.world.levers import CLASSES
from relocsim.world.parameters import Parameters

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, repr=False)
class Setting:
    """Places, sectors, parameters, switches and draws of a run."""

    places: Places
    sectors: Sectors
    parameters: Parameters
    switches: Switches
    streams: Streams
    class_sizes: np.ndarray
    """Mean output of each class over its sector's mean, (Z,)."""
    start_year: float
    """Year of the first quarter."""
    base_year: int
    """Year of the places' figures and of money."""
    output: np.ndarray
    """Output by place and sector at the start, 1e8 yuan/year, (P, S)."""
    national: np.ndarray
    """National output of each input at the start, 1e8 yuan/year, (X,)."""
    national_density: np.ndarray
    """Output of each sector a prefecture, national mean at the start, (S,)."""
    needs: sparse.csr_array
    """Weights of inputs in each sector's needs, (S, X): `sectors.need`, most of it zero."""
    firms: np.ndarray
    """Real firms of the origins at the start, (O, S, Z)."""
    partners: sparse.csr_array
    """Weights of other sectors among a sector's customers and suppliers, rows sum to one, (S, S)."""
    bought: np.ndarray
    """Share of each sector in what a sector (first axis) needs, (S, S)."""
    near: np.ndarray
    """How much a neighbour's supplies count, (P, P)."""
    pooled: np.ndarray
    """How much a neighbour's industry counts as own industry, (P, P)."""
    reference_wage: float
    """National mean manufacturing wage at the start, yuan/year, at which sectors' labour shares hold."""

    start_pull: np.ndarray
    """Pull of the strongest hub on each place's talent at the start, with no policy in force, (P,)."""

    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `once` keeps of functions of the setting."""

    @property
    def start_wage(self) -> np.ndarray:
        """Manufacturing wage at the start, yuan/year, (P,)."""
        return self.places.wage * (1 + self.places.wage_growth) ** (self.start_year - self.base_year)

    def standing_output(self, output: np.ndarray) -> np.ndarray:
        """Return the output that counts as supporting industry, (P, S): that of the start where it does not feed back."""
        return np.maximum(output, 0.0) if self.switches.depth_feedback else self.output

    @cached_property
    def factor_use(self) -> np.ndarray:
        """What 1e8 yuan of yearly output takes of power, environmental allowance and labour, by sector, (3, S).

        Electricity shares hold at the mean tariff, so that kilowatt-hours are the share over that: a plant uses the same
        power everywhere, and pays for it by the tariff of the place.
        """
        mean_tariff = np.average(self.places.power_tariff, weights=self.places.industry)
        return np.stack([self.sectors.electricity / mean_tariff, self.sectors.pollution, self.sectors.workers])

    @cached_property
    def factors_at_start(self) -> np.ndarray:
        """Power, emissions and labour that the industry of the start uses, (3, P)."""
        return np.einsum("ks,ps->kp", self.factor_use, self.output)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Numbers of origins, sectors, classes and places."""
        return len(self.places.origins), len(self.sectors.ids), len(CLASSES), len(self.places.ids)

    def local_tax_share(self, years: float) -> float:
        """Return the share of a plant's taxes that its city receives, `years` after the start."""
        terms = self.parameters
        reformed = self.start_year + years >= terms.tax_reform_year
        return terms.local_tax_share_2016 if reformed else terms.local_tax_share

    def annuity(self, years: float) -> float:
        """Return the yearly payment worth 1 now over `years` at the firms' cost of capital."""
        rate = self.parameters.interest
        return rate / (1 - (1 + rate) ** -years)


def once(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Let a pure function of a setting, and perhaps of numbers and of an access or levers, be worked out once for each.

    The last argument keeps what was found as long as it lives itself; arrays become read-only.
    """
    name = f"{function.__module__}.{function.__qualname__}"  # what is kept may travel between processes

    @wraps(function)
    def kept(*given: Any) -> Any:
        setting, last = given[0], given[-1]
        holder, key = (last, given[1:-1]) if hasattr(last, "kept") else (setting, given[1:])
        found = holder.kept.get((name, key))
        if found is None or found[0] is not setting:
            value = function(*given)  # type: ignore[call-arg, arg-type]
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)
            found = holder.kept[name, key] = (setting, value)
        return found[1]

    return kept  # type: ignore[return-value]


def quarterly(yearly: float) -> float:
    """Return the quarterly hazard of a yearly one: 1 - (1 - h)**(1/4)."""
    return float(1 - (1 - yearly) ** 0.25)
