"""The levers: everything that a policy may move, and how several movements of one lever combine.

A lever is an array over named axes. Policies return changes; `Levers` applies them. Since the rule of combination is
the lever's own, the order of policies in a file cannot matter. Phases read levers; no policy reads an outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

CLASSES = ("small", "medium", "large", "leader")
"""Classes of firms that costs and incentives tell apart."""

OWNERS = ("private", "hong_kong_taiwan", "foreign", "state_owned")
"""Who owns firms."""

Axis = Literal["place", "sector", "class", "component", "line", "origin", "owner"]
Index = tuple[int | slice | np.ndarray, ...]


@dataclass(frozen=True)
class Lever:
    """One thing that policies move."""

    axes: tuple[Axis, ...]
    """Axes of its array."""
    unit: str
    """Unit of its values."""
    combine: Literal["add", "multiply", "largest"]
    """How changes from several policies combine."""
    enters: str
    """Where it acts: cost, awareness, admission, delivery or access, with the quantity."""

    @property
    def neutral(self) -> float:
        """Value that changes nothing."""
        return 1.0 if self.combine == "multiply" else 0.0


LEVERS: Mapping[str, Lever] = {
    "contacts": Lever(
        ("origin", "sector", "class", "place"), "contact intensity a firm and year", "add", "awareness: promotion"
    ),
    "owner_contacts": Lever(
        ("owner", "place"), "contact intensity a firm and year", "add", "awareness: promotion to firms of an owner"
    ),
    "visits": Lever(("place",), "visits/year", "add", "delivery: signing"),
    "packaging": Lever(("place",), "ratio", "multiply", "awareness and delivery: what promotion yields"),
    "familiarity": Lever(("place", "origin"), "share", "largest", "awareness: proximity"),
    "land_added": Lever(("place",), "ha", "add", "admission: serviced industrial land; decision: size"),
    "floor_added": Lever(("place",), "1e4 m2", "add", "admission: standard factory floor; decision: size"),
    "power_added": Lever(("place",), "1e8 kWh/year", "add", "admission and production: power"),
    "environment_added": Lever(
        ("place",), "share of the emissions at the start", "add", "admission and production: environmental allowance"
    ),
    "labour_added": Lever(
        ("place",), "persons", "add", "admission and production: labour; decision: size; feedback: wages"
    ),
    "pollution_threshold": Lever(
        ("place",), "share below the dirtiest sector", "largest", "admission: emissions per output that are refused"
    ),
    "investment_threshold": Lever(
        ("place",), "1e8 yuan/ha", "largest", "admission: investment per hectare below which a firm is refused"
    ),
    "output_threshold": Lever(
        ("place",), "1e8 yuan/ha/year", "largest", "admission: output per hectare below which a firm is refused"
    ),
    "sector_closed": Lever(
        ("place", "sector"), "closed", "largest", "admission: sectors refused, as a sibling is assigned them"
    ),
    "capital_subsidy": Lever(("place", "sector", "class"), "share of investment", "add", "cost: incentive"),
    "rent_relief": Lever(("place", "sector", "class"), "share of rent over the holiday", "add", "cost: incentive"),
    "tax_holiday": Lever(("place", "sector", "class"), "share of local tax over the holiday", "add", "cost: incentive"),
    "job_subsidy": Lever(("place", "sector", "class"), "yuan/job", "add", "cost: incentive"),
    "leader_award": Lever(("place", "sector"), "1e8 yuan per leader", "largest", "cost: incentive of leaders"),
    "clearance_days": Lever(("place",), "ratio", "multiply", "cost: clearance"),
    "port_access": Lever(
        ("place",), "share of exports", "largest", "cost: freight of exports, by through trains or barges"
    ),
    "talent": Lever(("place",), "share of skilled posts", "add", "cost: skills"),
    "talent_projects": Lever(("place", "sector"), "start-ups", "add", "cost: supporting depth; decision: own industry"),
    "power_tariff": Lever(("place",), "ratio", "multiply", "cost: power"),
    "resource_price": Lever(("place",), "ratio", "multiply", "cost: resources, as far as the place is endowed"),
    "wage_push": Lever(("place",), "ratio", "multiply", "cost: labour and skills"),
    "rent_push": Lever(("place",), "ratio", "multiply", "cost: land and buildings, rent of floor"),
    "approval_days": Lever(("place",), "ratio", "multiply", "cost: administration; delivery: breaking ground"),
    "fees": Lever(("place",), "ratio", "multiply", "cost: administration"),
    "follow_up": Lever(("place",), "share of usual effort", "add", "delivery: effort of following up"),
    "supervised_share": Lever(("place",), "share of projects", "largest", "delivery: projects under supervision"),
    "assessed_signed": Lever(
        ("place",), "ratio", "multiply", "delivery: weight of signed money in officials' assessment"
    ),
    "assessed_landed": Lever(("place",), "ratio", "multiply", "delivery: weight of projects landed"),
    "assessed_in_place": Lever(("place",), "ratio", "multiply", "delivery: weight of money in place"),
    "assessed_production": Lever(("place",), "ratio", "multiply", "delivery: weight of plants in production"),
    "escrow": Lever(("place",), "share of promises", "largest", "delivery: payment of incentives; cost: credibility"),
    "finance": Lever(("place", "sector"), "share of the gap", "largest", "delivery: production of small firms"),
    "recruited_output": Lever(("place", "sector"), "1e8 yuan/year", "add", "cost: supporting depth"),
    "land_discount": Lever(("place", "sector", "class"), "share of the land price", "add", "cost: incentive"),
    "expansion": Lever(("place",), "ratio", "multiply", "settlement: hazard of expanding"),
    "departure": Lever(("place",), "ratio", "multiply", "settlement: hazard of shrinking or leaving"),
    "component_presence": Lever(("place", "component"), "share", "largest", "cost: supporting depth, missing links"),
    "line_open": Lever(("line",), "open", "largest", "access: passenger and freight routes"),
    "standing": Lever(("place",), "ratio", "multiply", "awareness: standing; state-owned projects"),
    "quota_added": Lever(("place",), "ha/year", "add", "parks: land quota beyond the usual growth"),
    "bid_off": Lever(("place", "sector"), "share of the package", "largest", "cost: incentive withheld; rivals: bids"),
    "bids_jointly": Lever(("place",), "share", "largest", "rivals: what siblings lose counts in a bid"),
    "grant": Lever(("place",), "1e8 yuan/year", "add", "feedback: money from above"),
    "negotiation": Lever(("place",), "ratio", "add", "state-owned projects: odds beyond those without effort"),
}


@dataclass(frozen=True)
class Change:
    """What one policy does to one lever in one quarter."""

    lever: str
    """Name of the lever."""
    index: Index
    """Where on its axes (one entry an axis: an integer, a slice or an integer array)."""
    value: float
    """By how much, in the lever's unit."""

    @property
    def told(self) -> tuple[Any, ...]:
        """All that it says, so that it can be compared: arrays as bytes."""
        return self.lever, self.value, *(at.tobytes() if isinstance(at, np.ndarray) else at for at in self.index)


class Levers:
    """Arrays of all levers in one quarter, by name."""

    def __init__(self, sizes: Mapping[Axis, int]) -> None:
        self._arrays = {
            name: np.full([sizes[axis] for axis in lever.axes], lever.neutral) for name, lever in LEVERS.items()
        }
        self._own, self._still = set(self._arrays), frozenset[str]()
        self._kept: dict[Any, Any] = {}

    @property
    def kept(self) -> dict[Any, Any]:
        """What phases keep that depends on levers: once there is anything, `apply` alone may change them."""
        if self._own:
            for array in self._arrays.values():
                array.setflags(write=False)
            self._own = set()
        return self._kept

    def __getitem__(self, name: str) -> np.ndarray:
        return self._arrays[name]

    def twin(self, **arrays: np.ndarray) -> Levers:
        """Return the levers with some arrays in the place of others; what is shared is copied before a change."""
        twin = object.__new__(Levers)
        twin._arrays, twin._own, twin._kept = {**self._arrays, **arrays}, set(), {}
        twin._still = self._zero().difference(arrays)
        return twin

    def pulled(self, name: str) -> bool:
        """Return whether a lever whose neutral value is zero is anything else anywhere."""
        if name in self._still:
            return False
        if ("pulled", name) not in self.kept:
            self.kept["pulled", name] = bool(self._arrays[name].any())
        return bool(self.kept["pulled", name])

    def _zero(self) -> frozenset[str]:
        """Return the levers that are zero all over, looked for once: large arrays are dear to go through every quarter."""
        if self._still:
            return self._still
        if "zero" not in self.kept:
            self.kept["zero"] = frozenset(name for name, array in self._arrays.items() if not array.any())
        return self.kept["zero"]

    def apply(self, changes: Iterable[Change]) -> None:
        """Combine `changes` into the levers; sums are taken in sorted order, so that order cannot matter."""
        self._kept.clear()
        ordered = sorted(changes, key=lambda change: (change.lever, change.value))
        for change in ordered:
            if change.lever not in self._own:
                self._arrays[change.lever] = self._arrays[change.lever].copy()
                self._own.add(change.lever)
                self._still -= {change.lever}
            array = self._arrays[change.lever]
            where: Any = change.index
            if array.ndim > 1:
                where = np.ix_(*(_positions(at, size) for at, size in zip(where, array.shape, strict=True)))
            array[where] = _COMBINE[LEVERS[change.lever].combine](array[where], change.value)


_COMBINE = {"add": np.add, "multiply": np.multiply, "largest": np.maximum}


def _positions(at: int | slice | np.ndarray, size: int) -> np.ndarray:
    """Return the integer positions that one entry of an index names."""
    return at if isinstance(at, np.ndarray) else np.atleast_1d(np.arange(size)[at])
