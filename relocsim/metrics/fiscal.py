"""Fiscal: what a policy costs a budget, what a job costs, when it pays, and how much is only moved about.

All of paired differences (with less without), 1e8 yuan of the base year. A quarter's flow counts at the quarter's start,
discounted to the first. This module refuses to say which flows belong to a policy.
"""

from __future__ import annotations

import numpy as np

_YEAR = 4
_ROUNDING = 1e-9


def cost_per(cost: np.ndarray, brought: np.ndarray) -> np.ndarray:
    """Return the cost of each unit brought, in the unit of cost over that of what was brought; nan where nothing was.

    With `brought` all that came with the policy: the cost per job (or firm, or yuan); with what came of it only (with less
    without): the cost per but-for job (Bartik 2018, But-For percentages for economic development incentives).
    """
    brought = np.asarray(brought, dtype=float)
    return np.divide(cost, brought, out=np.full(np.broadcast(cost, brought).shape, np.nan), where=brought > 0)


def gained(with_: np.ndarray, without: np.ndarray) -> np.ndarray:
    """Return with less without; zero where the two are the same but for the order in which they were summed."""
    with_, without = np.asarray(with_, dtype=float), np.asarray(without, dtype=float)
    same = np.isclose(with_, without, rtol=_ROUNDING, atol=0.0)
    return np.where(same, 0.0, with_ - without)


def net_present_value(flow: np.ndarray, rate: float) -> np.ndarray:
    """Return the net present value at the first quarter, (...), in the unit of `flow`.

    Parameters
    ----------
    flow : (..., T)
        Receipts less payments of each quarter.
    rate
        Discount rate, share a year.
    """
    return flow @ (1 + rate) ** (-np.arange(flow.shape[-1]) / _YEAR)


def payback(flow: np.ndarray) -> np.ndarray:
    """Return the years after which cumulated flow is never below zero again, (...); inf where it is so at the end.

    Zero where it never falls below. `flow` is (..., T), receipts less payments by quarter.
    """
    below = np.cumsum(flow, axis=-1) < 0
    last = flow.shape[-1] - np.argmax(below[..., ::-1], axis=-1)
    years = np.where(below.any(axis=-1), last / _YEAR, 0.0)
    return np.where(below[..., -1], np.inf, years)


def diverted_shares(city: np.ndarray, others: np.ndarray, origins: np.ndarray) -> dict[str, np.ndarray]:
    """Return which shares of a city's gain are only moved about, each (...), nan where it gained nothing.

    `from_rivals` is what other places outside the origins lost, over the gain; `from_origins` what the origins lost; `new`
    what the nation gained: the three sum to one.

    Parameters
    ----------
    city, others, origins : (...)
        Changes (with less without) of output or jobs in the city, in all other places, in the studied origins.
    """
    city = np.asarray(city, dtype=float)

    def share(amount: np.ndarray) -> np.ndarray:
        return np.divide(amount, city, out=np.full(np.broadcast(amount, city).shape, np.nan), where=city > 0)

    return {"from_rivals": share(-others), "from_origins": share(-origins), "new": share(city + others + origins)}
