"""Which figures of a city to fill in first. This module refuses to compute them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class First:
    """A figure, how much hangs on it, and where it is found."""

    field: str
    """Field of a place."""
    swing: float
    """Change of the city's expected share from the 5th to the 95th percentile of the range, % of it."""
    where: str
    """Where it is found."""


ORDER: tuple[First, ...] = ()
