"""Payment of incentives: what falls due in a quarter is paid, paid late, or broken.

A place means to honour a share of what it promised; the rest is broken when it falls due. It pays old arrears first, oldest
first, then what falls due, as far as its budget for incentives goes; what it cannot pay is arrears, and broken when
`late_quarters` have passed. Everything that fell due is paid, in arrears or broken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.setting import Setting
from relocsim.world.levers import Levers
from relocsim.world.projects import PRODUCING, Projects
from relocsim.world.state import PlaceState

_NOTHING = 1e-12
"""Money that is none, 1e8 yuan: keeps shares of it finite."""


@dataclass(frozen=True)
class Kept:
    """What becomes of promises in a quarter, by origin and sector of the firms, 1e8 yuan, each (O, S, P)."""

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
    at = projects.origin[rows], projects.sector[rows], projects.place[rows]
    np.subtract.at(state.refunds, at, projects.yearly[rows] * projects.running[rows])


def honoured_share(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the share of promises that places mean to honour, (P,): their usual one, and all that lies in escrow."""
    usual = setting.places.credibility
    return usual + (1 - usual) * np.minimum(1.0, levers["escrow"])


def budget(setting: Setting, state: PlaceState, quarter: int) -> np.ndarray:
    """Return what places can spend on incentives in `quarter`, escrow apart, 1e8 yuan, (P,)."""
    terms, tax = setting.parameters, state.tax_base * setting.local_tax_share(quarter / 4)
    return (terms.payable_revenue * setting.places.revenue + terms.payable_tax * tax) / 4


def pay(setting: Setting, state: PlaceState, projects: Projects, levers: Levers, quarter: int) -> Kept:
    """Pay what falls due in `quarter` as far as it is meant and can be, and return what became of it."""
    end_holidays(setting, state, projects, quarter)
    due = state.due + state.refunds / 4
    total, meant = due.sum(axis=(0, 1)), honoured_share(setting, levers)
    late, share = np.zeros_like(due), meant
    if setting.switches.payment_limits:
        left = budget(setting, state, quarter)
        late = _pay_arrears(state.arrears, left)
        able = left - late.sum(axis=(0, 1)) + np.minimum(1.0, levers["escrow"]) * total
        share = np.minimum(meant, able / np.maximum(total, _NOTHING))
    kept = Kept(due * share, late, due * (1 - meant) + _age(state.arrears, due * (meant - share)))
    state.fallen_due += total
    state.paid += (kept.prompt + kept.late).sum(axis=(0, 1))
    state.treasury -= (kept.prompt + kept.late).sum(axis=(0, 1))
    state.broken += kept.broken.sum(axis=(0, 1))
    state.due[:] = 0.0
    return kept


def _pay_arrears(arrears: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Pay arrears (quarters late, O, S, P), oldest first, from what is `left` (P,); return what is paid, (O, S, P).

    Of arrears of one quarter all firms get the same share.
    """
    owed = arrears.sum(axis=(1, 2))
    if not owed.any():
        return np.zeros(arrears.shape[1:])
    older = np.cumsum(owed[::-1], axis=0)[::-1] - owed
    share = np.clip((left - older) / np.maximum(owed, _NOTHING), 0.0, 1.0)[:, None, None, :]
    paid = arrears * share
    arrears -= paid
    return paid.sum(axis=0)


def _age(arrears: np.ndarray, fresh: np.ndarray) -> np.ndarray:
    """Let arrears grow a quarter older, the `fresh` ones first; return what is too old, (O, S, P)."""
    broken = arrears[-1].copy()
    for quarters in range(len(arrears) - 1, 0, -1):
        arrears[quarters] = arrears[quarters - 1]
    arrears[0] = fresh
    return broken
