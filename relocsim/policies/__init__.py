"""One file per policy. A policy is found by folder: add a file, and it is in the catalogue.

This package refuses to know the model: policies see places, sectors and sizes, and answer with changes to levers.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from relocsim.policies.base import CityPolicy, Policy, Site

__all__ = ["CityPolicy", "Policy", "Site", "catalogue"]


def _subclasses(cls: type[Any]) -> Iterator[type[Policy]]:
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)


@cache
def catalogue() -> Mapping[str, type[Policy]]:
    """Return every policy class of this folder by its kind, sorted."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    kinds = {kind_of(cls): cls for cls in _subclasses(Policy) if "kind" in cls.model_fields}
    return dict(sorted(kinds.items()))


def kind_of(cls: type[Policy]) -> str:
    """Return the kind that entries in a scenario name."""
    return str(get_args(cls.model_fields["kind"].annotation)[0])
