"""Bidding: what a government expects of a bid, by the model's own choice, and which bid it likes best.

A place that adds to its package moves its odds by sensitivity / lambda x what firms count of it; with the odds of all others
as they were, its inflow changes by the factor g (1 - s + s g)^(lambda - 1), g being the change of its odds and s its share.
That is exact for a nested logit in which few of those who could go do. This module refuses to know what others will answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit

from relocsim import kernels
from relocsim.kernels import bidding as kernel
from relocsim.phases.anchor import arrival
from relocsim.phases.decision import Choosers, Values
from relocsim.phases.effort import winning_effort
from relocsim.phases.setting import Setting, once
from relocsim.world.columns import RULES
from relocsim.world.description import Rule
from relocsim.world.levers import CLASSES, Levers

_YUAN, _TINY = 1e8, np.finfo(float).tiny
_MEDIUM = CLASSES.index("medium")


@dataclass(frozen=True)
class Market:
    """What governments expect to come from the studied origins in a year, as things stand, (S, P)."""

    inflow: np.ndarray
    """Output of intended branches, 1e8 yuan/year a year."""

    @cached_property
    def share(self) -> np.ndarray:
        """Share of each place in its sector's inflow."""
        return self.inflow / np.maximum(self.inflow.sum(axis=1, keepdims=True), _TINY)


def expected_market(setting: Setting, choosers: Choosers, values: Values, contact: np.ndarray) -> Market:
    """Return the inflow that the choice implies, given contacts (G, P), as if all firms of the start were medium ones."""
    terms, constants = setting.parameters, choosers.intercepts
    odds, highest, unheard = log_odds(setting, choosers, values, contact)
    total = np.maximum(reached(setting, np.exp(odds, out=odds), unheard), _TINY)
    away = terms.nest_lambda * (np.log(total) + highest) + constants.elsewhere
    home = values.home.reshape(setting.shape[:3])[:, :, _MEDIUM]
    going = expit(away - np.logaddexp(home, np.logaddexp(constants.abroad, constants.close)))
    inflow = np.einsum("os,osp->sp", reviewed_capacity(setting) * going / total, odds)
    return Market(inflow)


@once
def reviewed_capacity(setting: Setting) -> np.ndarray:
    """Return the output of branches that firms of the start would weigh in a year, 1e8 yuan/year a year, (O, S)."""
    terms, places = setting.parameters, setting.places
    capacity = setting.output[places.origins] * places.studied[:, None] * terms.branch_share
    return 4 * terms.review_hazard * capacity


def log_odds(
    setting: Setting, choosers: Choosers, values: Values, contact: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places' log odds over the highest of a row, (O, S, P), that, (O, S), and contacts below zero, (O, S, P).

    Of medium firms that know all places.
    """
    either, scale = choosers.ways.either, setting.parameters.nest_lambda
    if kernels.library:
        return kernel.log_odds(kernels.library, values.place, contact, either, scale, _MEDIUM)
    odds = (values.place.reshape(setting.shape)[:, :, _MEDIUM] + either) / scale
    highest = odds.max(axis=2)
    return odds - highest[:, :, None], highest, -contact.reshape(setting.shape)[:, :, _MEDIUM]


def reached(setting: Setting, odds: np.ndarray, unheard: np.ndarray) -> np.ndarray:
    """Multiply odds by the chance that a place is known, given contacts below zero, (O, S, P) both; return sums, (O, S)."""
    if setting.switches.awareness:
        unknown = np.expm1(unheard, out=unheard)
        if kernels.library:
            return kernel.reached(kernels.library, odds, unknown)
        odds *= np.negative(unknown, out=unknown)
    return odds.sum(axis=2)


def withheld(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the share of its package that each place keeps from each sector, (S, P)."""
    return levers["bid_off"].T * setting.switches.groups


@once
def counted(setting: Setting) -> np.ndarray:
    """Return what a subsidy of all of the investment is to a firm, yuan/year per 100 of yearly output, (S,)."""
    return 100 * setting.sectors.capital_ratio * setting.annuity(setting.parameters.horizon)


def pull(setting: Setting) -> np.ndarray:
    """Return the change of the log odds of a place for each share of investment that it adds, (S, P)."""
    terms = setting.parameters
    return terms.sensitivity / terms.nest_lambda * counted(setting)[:, None] * setting.places.credibility


def plain_worth(setting: Setting) -> np.ndarray:
    """Return what a plant's yearly output brings a budget over the horizon, usual package paid, (S, P), per yuan.

    Local taxes, and jobs at what a government reckons a job to be worth.
    """
    terms, sectors, places = setting.parameters, setting.sectors, setting.places
    tax = sectors.tax * terms.local_tax_share
    brought = tax / setting.annuity(terms.horizon) + sectors.workers * terms.job_value / _YUAN
    holiday = tax[:, None] * np.minimum(places.tax_holiday, 1.0) / setting.annuity(terms.holiday_years)
    usual = sectors.capital_ratio[:, None] * places.capital_subsidy + holiday
    return brought[:, None] - places.credibility * usual


def revealed_value(setting: Setting, market: Market) -> np.ndarray:
    """Return what a yuan of landed investment is worth to each government beside taxes and jobs, (P,).

    That it offers its usual package reveals it: with this value, adding nothing is its best answer to the usual packages of
    the others at the start.
    """
    capital, paid = setting.sectors.capital_ratio[:, None], setting.places.credibility
    elastic = pull(setting) * (1 - (1 - setting.parameters.nest_lambda) * market.share) * market.inflow
    missing = (market.inflow * capital * paid - elastic * plain_worth(setting)).sum(axis=0)
    weight = (elastic * capital).sum(axis=0)
    return np.divide(missing, weight, out=np.zeros_like(weight), where=weight > 0)


def worth(setting: Setting, levers: Levers, value: np.ndarray) -> np.ndarray:
    """Return what a yuan of a landed plant's yearly output is worth to each government, (S, P).

    Where officials are assessed on what is signed, all that is signed counts beside what lands, as their regime has it.
    """
    terms, capital = setting.parameters, setting.sectors.capital_ratio[:, None]
    assessed = setting.places.rule == RULES.index(Rule.ASSESSMENT)
    signed = terms.signed_weight * winning_effort(setting, levers) * signed_share(setting) / landing_share(setting)
    return plain_worth(setting) + capital * (value + np.where(assessed, signed, 0.0))


def signed_share(setting: Setting) -> float:
    """Return the share of intentions that come to be signed."""
    terms = setting.parameters
    loss = terms.sign_loss * setting.switches.delivery_losses
    return terms.sign_hazard / (terms.sign_hazard + (1 - terms.sign_hazard) * loss)


@once
def landing_share(setting: Setting) -> float:
    """Return the share of intentions that end in production."""
    return arrival(setting)[0]


def grid(setting: Setting) -> np.ndarray:
    """Return the bids that each place weighs, (K, P): whole steps up to the limit, down to nothing at all."""
    terms = setting.parameters
    steps = round(terms.bid_limit / terms.bid_step), round(setting.places.capital_subsidy.max() / terms.bid_step)
    levels = np.arange(-steps[1], steps[0] + 1) * terms.bid_step
    return np.maximum(levels[:, None], -setting.places.capital_subsidy)


def affordable(setting: Setting, market: Market, income: np.ndarray) -> np.ndarray:
    """Return the bid that a place can pay for of its `income`, (P,), if what comes is as expected, share of investment."""
    landed = landing_share(setting) * (market.inflow * setting.sectors.capital_ratio[:, None]).sum(axis=0)
    budget = setting.parameters.bid_budget_share * income
    cost = landed * setting.places.credibility
    return np.divide(budget, cost, out=np.full_like(cost, np.inf), where=cost > 0)


def best_bids(
    setting: Setting, levers: Levers, market: Market, value: np.ndarray, rows: np.ndarray, *, bid: np.ndarray,
    income: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Return the bids of the places in `rows` that score best against each `bid` of the last quarter, (n,).

    No bid is more than a place can pay for of its `income`, (P,).
    """
    terms, levels = setting.parameters, grid(setting)[:, None, rows]
    kept = 1 - withheld(setting, levers)
    price = setting.places.credibility * setting.sectors.capital_ratio[:, None] * kept
    valued = worth(setting, levers, value)
    odds = np.exp((pull(setting) * kept)[:, rows] * (levels - bid[rows]))
    share = market.share[:, rows]
    others = (1 - share + share * odds) ** (terms.nest_lambda - 1)
    inflow = market.inflow[:, rows] * odds * others
    cost = price[:, rows] * levels
    score = (inflow * (valued[:, rows] - cost)).sum(axis=1)
    joint = (levers["bids_jointly"] * setting.switches.groups)[rows]
    if joint.any():
        theirs = market.inflow * (valued - price * bid)
        siblings = np.einsum("sq,pq->sp", theirs, setting.places.siblings[rows].astype(float))
        score += joint * (others * siblings).sum(axis=1)
    bill = landing_share(setting) * (inflow * cost).sum(axis=1)
    budget = terms.bid_budget_share * income[rows]
    score[(levels[:, 0] > 0) & (bill > budget)] = -np.inf
    return levels[np.argmax(score, axis=0), 0, np.arange(len(rows))]
