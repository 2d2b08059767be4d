"""Names of families of uncertain inputs for readers: `other places: wage` in words, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from relocsim.language import Words, message
from relocsim.language.fields import FIELDS

_OWNERS = {
    "other places": message("all other places: {field}"),
    "sectors": message("all sectors: {field}"),
    "modes": message("modes of transport: {field}"),
    "lines": message("railway lines: {field}"),
    "outreach": message("outreach: {field}"),
}


def family_label(words: Words, label: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the name of a family; what has no name in words is told by its own. `names` are of places and policies."""
    owner, _, field = label.rpartition(": ")
    name = words(FIELDS[field]) if field in FIELDS else field.replace("_", " ")
    if owner in _OWNERS:
        return words(_OWNERS[owner], field=name)
    if owner:
        return words("{owner}: {field}", owner=names.get(owner, owner), field=name)
    return name
