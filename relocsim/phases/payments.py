"""Payment of incentives: what falls due in a quarter is paid, paid late, or broken.

A place means to honour a share of what it promised; the rest is broken when it falls due. It pays old arrears first, oldest
first, then what falls due, as far as its budget for incentives goes; what it cannot pay is arrears, and broken when
`late_quarters` have passed. Everything that fell due is paid, in arrears or broken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim import kernels
from relocsim.kernels import paying
from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers
from relocsim.world.projects import PRODUCING, Projects
from relocsim.world.state import PlaceState

_NOTHING = 1e-12
"""Money that is none, 1e8 yuan: keeps shares of it finite."""


@dataclass(frozen=True)
class Kept:
    """What becomes of promises in a quarter, 1e8 yuan, each (n,): few origins, sectors and places have anything due."""

    cell: np.ndarray
    """Positions among origins, sectors and places, (O, S, P) in one row."""
    prompt: np.ndarray
    """Paid when it fell due."""
    late: np.ndarray
    """Paid of arrears."""
    broken: np.ndarray
    """Never to be paid."""


def holiday_quarters(setting: Setting) -> int:
    """Return how many quarters a yearly incentive is paid."""
    return round(4 * setting.parameters.holiday_years)


def arrears_quarters(setting: Setting) -> int:
    """Return after how many quarters arrears are broken promises."""
    return max(1, round(setting.parameters.late_quarters))


def fall_due(state: PlaceState, projects: Projects, rows: np.ndarray) -> None:
    """Book what plants that start producing are owed: once now, and every year of the holiday."""
    at = projects.origin[rows], projects.sector[rows], projects.place[rows]
    np.add.at(state.due, at, projects.upfront[rows])
    np.add.at(state.refunds, at, projects.yearly[rows])


def end_holidays(setting: Setting, state: PlaceState, projects: Projects, quarter: int) -> None:
    """Take off the yearly incentives whose last payment was in the quarter before."""
    began = quarter - holiday_quarters(setting)
    if began < 0:
        return
    rows = np.flatnonzero(projects.dates[PRODUCING] == began)
    if len(rows) == 0:
        return
    at = projects.origin[rows], projects.sector[rows], projects.place[rows]
    np.subtract.at(state.refunds, at, projects.yearly[rows] * projects.running[rows])


@once
def escrow(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the share of promises that lies in escrow, (P,)."""
    return np.minimum(1.0, levers["escrow"])


@once
def honoured_share(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the share of promises that places mean to honour, (P,): their usual one, and all that lies in escrow."""
    usual = setting.places.credibility
    return usual + (1 - usual) * escrow(setting, levers)


def budget(setting: Setting, state: PlaceState, quarter: int) -> np.ndarray:
    """Return what places can spend on incentives in `quarter`, escrow apart, 1e8 yuan, (P,)."""
    terms, tax = setting.parameters, state.tax_base * setting.local_tax_share(quarter / 4)
    return (terms.payable_revenue * setting.places.revenue + terms.payable_tax * tax) / 4


def pay(setting: Setting, state: PlaceState, projects: Projects, levers: Levers, quarter: int) -> Kept:
    """Pay what falls due in `quarter` as far as it is meant and can be, and return what became of it."""
    end_holidays(setting, state, projects, quarter)
    meant, left = honoured_share(setting, levers), None
    if setting.switches.payment_limits:
        left = budget(setting, state, quarter)
    if kernels.library:
        cell, money, by_place = paying.pay(
            kernels.library, state.arrears, meant, left, due=state.due, refunds=state.refunds,
            in_arrears=state.in_arrears, escrow=escrow(setting, levers), nothing=_NOTHING,
        )  # fmt: skip
        return _booked(state, Kept(cell, *money), *by_place)
    due, size = state.due + state.refunds / 4, len(setting.places.ids)
    cell = np.flatnonzero(_open_accounts(state, due))
    arrears, due, place = state.arrears.reshape(len(state.arrears), -1), due.ravel()[cell], cell % size
    old = arrears.take(cell, axis=1)
    total, share, late = np.bincount(place, due, size), meant, np.zeros_like(due)
    if left is not None:
        late = _pay_arrears(old, place, left)
        able = left - np.bincount(place, late, size) + escrow(setting, levers) * total
        share = np.minimum(meant, able / np.maximum(total, _NOTHING))
    kept = Kept(cell, due * share[place], late, due * (1 - meant[place]) + old[-1])
    arrears[0, cell], arrears[1:, cell] = due * (meant - share)[place], old[:-1]
    owing = arrears.take(cell, axis=1).sum(axis=0)
    spent, broken, late_now = (np.bincount(place, of, size) for of in (kept.prompt + late, kept.broken, owing))
    return _booked(state, kept, total, spent, broken, late_now)


def _booked(
    state: PlaceState, kept: Kept, total: np.ndarray, spent: np.ndarray, broken: np.ndarray, owing: np.ndarray
) -> Kept:
    """Book what was due, paid, broken and is late now in each place, (P,) each, and return what became of it."""
    state.fallen_due += total
    state.paid += spent
    state.treasury -= spent
    state.broken += broken
    state.in_arrears[:] = owing
    state.due[:] = 0.0
    return kept


def _open_accounts(state: PlaceState, due: np.ndarray) -> np.ndarray:
    """Return where something is due or in arrears, (O, S, P) bool."""
    is_open, late = due != 0, np.flatnonzero(state.in_arrears)
    is_open[..., late] |= (state.arrears[..., late] != 0).any(axis=0)
    return is_open


def _pay_arrears(arrears: np.ndarray, place: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Pay arrears (quarters late, n), oldest first, from what their places have `left` (P,); return what is paid, (n,).

    Of arrears of one quarter all firms get the same share.
    """
    owed = np.stack([np.bincount(place, of_quarter, len(left)) for of_quarter in arrears])
    older = np.cumsum(owed[::-1], axis=0)[::-1] - owed
    share = np.clip((left - older) / np.maximum(owed, _NOTHING), 0.0, 1.0)
    paid = arrears * share[:, place]
    arrears -= paid
    return paid.sum(axis=0)
