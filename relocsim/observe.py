"""What is recorded: tidy observations by place and quarter, and the history of projects. Writes nothing back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from relocsim.metrics import funnel
from relocsim.phases.credibility import believed
from relocsim.phases.effort import attention
from relocsim.phases.limits import factors_held
from relocsim.phases.setting import Setting
from relocsim.world.calendar import Quarter
from relocsim.world.firms import Population
from relocsim.world.levers import CLASSES, OWNERS, Levers
from relocsim.world.parameters import Parameters
from relocsim.world.projects import FUNCTIONS, GROUND, HONOURED, KINDS, PRODUCING, SIGNED, STAGES, Projects
from relocsim.world.state import PlaceState

PLACE_COLUMNS = {
    "wage_ratio": "ratio to the start",
    "land_price_ratio": "ratio to the start",
    "rent_ratio": "ratio to the start",
    "land_total_ha": "ha",
    "land_used_ha": "ha",
    "floor_total_1e4m2": "1e4 m2",
    "floor_used_1e4m2": "1e4 m2",
    "power_held_1e8kwh": "1e8 kWh/year",
    "power_used_1e8kwh": "1e8 kWh/year",
    "emissions_allowed": "emission units/year",
    "emissions": "emission units/year",
    "labour_held": "persons",
    "labour_used": "persons",
    "refused_by_threshold_1e8yuan": "1e8 yuan, cumulated",
    "refused_for_want_of_room_1e8yuan": "1e8 yuan, cumulated",
    "jobs_brought": "persons",
    "output_1e8yuan": "1e8 yuan/year",
    "treasury_1e8yuan": "1e8 yuan, cumulated",
    "promotion_visits": "visits/year by campaigns that help to sign",
    "mean_depth": "share, sectors weighted by national output",
    "signed_1e8yuan": "1e8 yuan, cumulated",
    "producing_1e8yuan": "1e8 yuan, cumulated investment of plants that came to produce",
    "in_place_1e8yuan": "1e8 yuan, cumulated money in place",
    "reported_1e8yuan": "1e8 yuan, cumulated money at the stages that officials are assessed on, weighed as they count",
    "in_place_over_signed": "share; empty where nothing is signed",
    "honoured_rate": "share of signed firms that are honoured so far",
    "started_rate": "share of signed firms that have broken ground so far",
    "producing_rate": "share of signed firms that have come to produce so far",
    "incentives_due_1e8yuan": "1e8 yuan, cumulated: paid, in arrears or broken",
    "incentives_paid_1e8yuan": "1e8 yuan, cumulated",
    "incentives_late_1e8yuan": "1e8 yuan in arrears",
    "incentives_broken_1e8yuan": "1e8 yuan, cumulated",
    "credibility": "share of a promise that firms believe, origins and sectors weighted by output at the start",
    "bid_share": "share of investment beyond the usual package",
    "promised_1e8yuan": "1e8 yuan, cumulated",
    "land_allowance_ha": "ha of quota beyond the usual growth, cumulated",
    "talent": "share of skilled posts that can be filled on the spot",
    "firms_turned": "local firms that have turned to supplying leaders",
    "plants_left": "firms whose plants have left, cumulated",
    "talent_projects": "start-ups of talent brought in, counted apart from capture",
}


_DATED = ("fell", "gone", *FUNCTIONS, *(f"{stage}_at" for stage in STAGES))
"""Columns of the table of projects that hold quarters."""


class Record:
    """Observations of one run, filled quarter by quarter."""

    def __init__(self, setting: Setting, start: Quarter, quarters: int) -> None:
        self._setting, self._start = setting, start
        self._places = np.zeros((quarters, len(PLACE_COLUMNS), len(setting.places.ids)))
        self._seen = 0
        self._reported = np.zeros(len(setting.places.ids))
        self._counted = np.zeros((len(STAGES), len(setting.places.ids)))
        self._weights = setting.output[setting.places.origins] * setting.places.studied[:, None]
        self._all_weight, self._national = self._weights.sum(), setting.sectors.gross_output[:, None]
        self._all_national = self._national.sum(axis=0)
        self._tranches = funnel.tranches(in_place_shares(setting.parameters))

    def observe(self, state: PlaceState, levers: Levers, depth: np.ndarray, talent: np.ndarray) -> None:
        """Record the state of places at the end of a quarter; `depth` is (S, P), `talent` (P,)."""
        sectors, held = self._setting.sectors, factors_held(self._setting, state, levers)
        self._places[self._seen] = [
            state.wage_ratio,
            state.land_price_ratio,
            state.rent_ratio,
            state.land_total + levers["land_added"],
            state.land_used,
            state.floor_total + levers["floor_added"],
            state.floor_used,
            *[row for pair in zip(held, state.factor_used, strict=True) for row in pair],
            *state.refused,
            state.jobs,
            state.output.sum(axis=1),
            state.treasury,
            levers["visits"],
            (depth * self._national).sum(axis=0) / self._all_national,
            *self._delivery(state, levers),
            state.fallen_due,
            state.paid,
            state.in_arrears,
            state.broken,
            np.einsum("osp,os->p", believed(self._setting, state, levers), self._weights) / self._all_weight,
            state.bid,
            state.promised,
            state.land_allowance,
            talent,
            (state.turned / sectors.firm_output).sum(axis=1),
            state.left,
            levers["talent_projects"].sum(axis=1),
        ]
        self._seen += 1

    def _delivery(self, state: PlaceState, levers: Levers) -> list[np.ndarray]:
        """Return money at the stages, what officials report, and rates of the funnel."""
        money, fresh = state.stage_money, state.stage_money - self._counted
        self._counted = money.copy()
        self._reported = self._reported + funnel.reported(
            fresh, funnel.arrived(fresh, self._tranches), attention(self._setting, levers)
        )
        in_place = funnel.arrived(money, self._tranches)
        over_signed = funnel.ratio(in_place, money[SIGNED])
        rates = funnel.rate_of_signed(state.stage_firms, [HONOURED, GROUND, PRODUCING])
        return [money[SIGNED], money[PRODUCING], in_place, self._reported, over_signed, *rates]

    def series(self, columns: Sequence[str]) -> np.ndarray:
        """Return some of `PLACE_COLUMNS` by quarter and place, (columns, quarters, P)."""
        at = [list(PLACE_COLUMNS).index(name) for name in columns]
        return np.moveaxis(self._places[: self._seen][:, at], 1, 0)

    def places(self) -> pd.DataFrame:
        """Return one row a quarter and place; units in `PLACE_COLUMNS`."""
        ids = self._setting.places.ids
        index = pd.MultiIndex.from_product(
            [[str(self._start + quarter) for quarter in range(self._seen)], ids], names=["quarter", "place"]
        )
        flat = np.moveaxis(self._places[: self._seen], 1, 2).reshape(-1, len(PLACE_COLUMNS))
        return pd.DataFrame(flat, index=index, columns=list(PLACE_COLUMNS)).reset_index()


def in_place_shares(parameters: Parameters) -> np.ndarray:
    """Return the cumulative shares of investment in place at signing, honouring, ground breaking and production, (4,)."""
    return np.array([getattr(parameters, f"in_place_{stage}") for stage in STAGES[SIGNED:]])


def project_table(setting: Setting, population: Population, projects: Projects, start: Quarter) -> pd.DataFrame:
    """Return one row a project, with names for codes and quarters for dates (empty where not reached)."""
    table = pd.DataFrame({name: values.copy() for name, values in projects.columns()})
    ids, origins = np.array(setting.places.ids), setting.places.origins
    table["origin"] = pd.Categorical.from_codes(np.where(table["origin"] < 0, -1, origins[table["origin"]]), ids)
    table["place"] = pd.Categorical.from_codes(table["place"], ids)
    table["sector"] = pd.Categorical.from_codes(table["sector"], np.array(setting.sectors.ids))
    table["owner"] = pd.Categorical.from_codes(population.owner[table["firm"]], list(OWNERS))
    table["firm_class"] = pd.Categorical.from_codes(table["firm_class"], list(CLASSES))
    table["kind"] = pd.Categorical.from_codes(table["kind"], list(KINDS))
    table["stage"] = pd.Categorical.from_codes(table["stage"], list(STAGES), ordered=True)
    table["firm_uid"] = np.where(table["firm"] < 0, table["uid"], population.uid[table["firm"]])
    shares = in_place_shares(setting.parameters)
    table["in_place"] = projects.investment * funnel.share_in_place(projects.dates, shares)
    table["leader_uid"] = np.where(table["leader"] < 0, np.uint64(0), projects.uid[table["leader"]])
    table = table.drop(columns="leader")
    names = ["", *(str(start + quarter) for quarter in range(max(_last(table), 0) + 1))]
    for column in _DATED:
        table[column] = pd.Categorical.from_codes(table[column] + 1, names, ordered=True)
    return table.sort_values(["intention_at", "firm_uid", "place"], kind="stable", ignore_index=True)


def _last(table: pd.DataFrame) -> int:
    """Return the last quarter that any project names."""
    if table.empty:
        return -1
    return int(max(table[column].max() for column in _DATED))
