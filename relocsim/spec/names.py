"""What exists in a world, by name, so that whatever points at it can be checked. This module refuses to check."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from relocsim.spec.nodes import Node

OTHER_SUPPLIERS = (
    "agriculture", "coal", "oil_gas_refining", "ores", "tobacco", "recycling", "electricity_heat", "gas_water",
    "construction", "freight_transport", "trade", "finance", "business_services", "other_services",
)  # fmt: skip
"""Supplying sectors of the input-output table that are not manufacturing."""


@dataclass(frozen=True)
class Names:
    """Ids of everything that can be pointed at."""

    places: frozenset[str]
    """Places."""
    destinations: frozenset[str]
    """Places that firms may choose."""
    origins: frozenset[str]
    """Places whose firms are studied."""
    sectors: frozenset[str]
    """Manufacturing sectors."""
    components: tuple[str, ...]
    """Key components as `sector.component`."""
    nodes: frozenset[str]
    """Nodes of the network that are not places."""
    lines: frozenset[str]
    """Lines of the network."""
    modes: frozenset[str]
    """Modes of outreach."""

    @cached_property
    def suppliers(self) -> frozenset[str]:
        """Sectors that an input may come from."""
        return self.sectors | frozenset(OTHER_SUPPLIERS)

    @cached_property
    def stops(self) -> frozenset[str]:
        """Where lines may stop."""
        return self.places | self.nodes

    @cached_property
    def bare_components(self) -> frozenset[str]:
        """Components without their sector."""
        return frozenset(name.split(".", 1)[1] for name in self.components)


def names_in(world: Node) -> Names:
    """Return what the tree of a world names, sound or not."""
    parts = ("places", "sectors", "network", "parameters")
    places, sectors, network, parameters = (world.children.get(part, Node({})) for part in parts)
    components = [
        f"{sector}.{component}"
        for sector, entry in sectors.children.items()
        for component in entry.children.get("components", Node({})).children
    ]
    return Names(
        places=frozenset(places.children),
        destinations=frozenset(name for name, entry in places.children.items() if _chosen(entry)),
        origins=frozenset(name for name, entry in places.children.items() if _studied(entry)),
        sectors=frozenset(sectors.children),
        components=tuple(sorted(components)),
        nodes=frozenset(network.children.get("nodes", Node({})).children),
        lines=frozenset(network.children.get("lines", Node({})).children),
        modes=frozenset(parameters.children.get("outreach", Node({})).children),
    )


def _studied(place: Node) -> bool:
    """Whether the firms of a place are studied."""
    flag = place.children.get("origin")
    return flag is not None and flag.value is True


def _chosen(place: Node) -> bool:
    """Whether firms may choose a place."""
    flag = place.children.get("destination")
    return flag is None or flag.value is not False
