"""Awareness: which places a firm knows.

A place becomes known when cumulative contact intensity exceeds the firm's own Exp(1) threshold, so that the chance to know
it is exactly 1 - exp(-intensity), and what is known stays known unless a decay is set. Here are standing and proximity,
which need no plant and no policy; `relocsim.phases.promotion` adds the rest. New firms share what their segment has heard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim import kernels
from relocsim.kernels import valuing
from relocsim.phases.setting import Setting, once
from relocsim.world.firms import Population
from relocsim.world.network import Access


@once
def nearness(setting: Setting, access: Access) -> np.ndarray:
    """Return the part of full proximity that is left at the places' distance in hours, (O, P)."""
    return np.exp(-setting.parameters.awareness_decay * access.hours[setting.places.origins])


def contact_rate(setting: Setting, access: Access, better_known: np.ndarray | float = 1.0) -> np.ndarray:
    """Return usual contacts a year between origins and places, (O, P); standing is multiplied by `better_known`, (P,)."""
    terms = setting.parameters
    return terms.awareness_base * (setting.places.standing * better_known) + terms.awareness_proximity * nearness(
        setting, access
    )


def kept(setting: Setting) -> float:
    """Return the part of contacts that is still remembered a quarter later."""
    return float((1 - setting.parameters.awareness_forget) ** 0.25)


def remembered(setting: Setting, years: float) -> float:
    """Return so many years of usual contact less what has been forgotten of them, years."""
    decay = -np.log1p(-setting.parameters.awareness_forget)
    return float(-np.expm1(-decay * years) / decay) if decay else years


def cumulate(setting: Setting, contact: np.ndarray, heard: np.ndarray) -> None:
    """Let a quarter pass over contacts, (G, P): some are forgotten, and what was heard is added.

    `heard` is broadcastable to (O, S, Z, P).
    """
    if kernels.library:
        valuing.remember(kernels.library, kept(setting), contact, heard, setting.shape)
        return
    contact *= kept(setting)
    contact.reshape(setting.shape)[...] += heard


def past_years(setting: Setting) -> float:
    """Return the years of usual contact that firms have behind them at the start, less what they have forgotten of them."""
    return remembered(setting, setting.parameters.awareness_past)


def known(setting: Setting, intensity: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Return whether firms know places, given their cumulative `intensity` and own `threshold`, both (F, P)."""
    if not setting.switches.awareness:
        return np.ones(threshold.shape, dtype=bool)
    return intensity > threshold


@dataclass(frozen=True)
class Heard:
    """Cumulated contacts of firms, in the precision of thresholds."""

    population: Population
    by_segment: np.ndarray
    """(G, P) float32."""
    by_owner: np.ndarray | None
    """(W, P) float32; none where nobody has any."""

    def of(self, firms: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write the contacts of the rows `firms` to `out`, (n, P) float32, and return it."""
        np.take(self.by_segment, self.population.segment[firms], axis=0, out=out, mode="clip")
        if self.by_owner is not None:
            out += self.by_owner[self.population.owner[firms]]
        return out


def hearing(population: Population, contact: np.ndarray, by_owner: np.ndarray | None) -> Heard:
    """Return contacts by segment (G, P), and by owner (W, P) where there are any, as firms have them."""
    owned = by_owner.astype(np.float32) if by_owner is not None and by_owner.any() else None
    return Heard(population, contact.astype(np.float32), owned)
