"""Draws for the agents of one quarter, read in bulk from the shared streams and handed out as plain floats."""

from __future__ import annotations

import math

import numpy as np

from reference.firm import FirmAgent, Fresh
from reference.state import Project
from reference.world import World
from relocsim.streams import Streams, derived, gumbel, log_positive_stable, members


class Draws:
    """The addressed draws of a run."""

    def __init__(self, world: World, streams: Streams) -> None:
        self.world, self.streams = world, streams
        self._keys = np.array(world.keys, dtype=np.uint64)
        self._year, self._reviews = -1, np.empty((4, 0))

    def give_tastes(self, firms: list[FirmAgent], step: int = 1000) -> None:
        """Give each agent its persistent tastes and thresholds (kept as 32-bit floats)."""
        for start in range(0, len(firms), step):
            part = firms[start : start + step]
            lanes = self.streams.grid("firm and place", _uids(part), self._keys)
            for firm, uniforms in zip(part, lanes[0], strict=True):
                if firm.stratum >= 0:
                    self._draw_in_stratum(firm.stratum, uniforms)
            tastes, thresholds = gumbel(lanes[0]).astype(np.float32), (-np.log(lanes[1])).astype(np.float32)
            for firm, taste, threshold in zip(part, tastes, thresholds, strict=True):
                firm.give(taste, threshold)

    def _draw_in_stratum(self, stratum: int, uniforms: np.ndarray) -> None:
        """Put the taste for the city under study where the agent's stratum has it: in the upper tail between two shares."""
        edges, city = (1.0, *self.world.strata, 0.0), self.world.city
        within = 1 - uniforms[city]
        uniforms[city] = 1 - (edges[stratum + 1] + (edges[stratum] - edges[stratum + 1]) * within)

    def reviews(self, firms: list[FirmAgent], quarter: int) -> list[float]:
        """Return the review draw of each agent (one address serves four quarters)."""
        if quarter // 4 != self._year:
            self._year = quarter // 4
            self._reviews = self.streams.lanes("review", _uids(firms), 0, self._year)
        return self._reviews[quarter % 4].tolist()

    def decisions(self, firms: list[FirmAgent], quarter: int) -> list[Fresh]:
        """Return the fresh draws of each agent that decides."""
        index, uids = self.world.parameters.nest_lambda, _uids(firms)
        one = gumbel(self.streams.lanes("decision", uids, 0, quarter)[:3])
        angle, exponential, mode, tie = self.streams.lanes("decision, nest", uids, 0, quarter)
        nest = index * log_positive_stable(index, angle, -np.log(exponential))
        return [
            Fresh(*drawn) for drawn in zip(*one.tolist(), *(row.tolist() for row in (nest, mode, tie)), strict=True)
        ]

    def enter_stage(self, projects: list[Project]) -> None:
        """Give projects the endurance and the patience of the stage that they have entered."""
        uids = np.array([project.uid for project in projects], dtype=np.uint64)
        stages = np.array([project.stage for project in projects], dtype=np.uint64)
        for project, lanes in zip(projects, self.streams.lanes("delivery", uids, 0, stages).T.tolist(), strict=True):
            project.endurance, project.patience = -math.log(lanes[0]), -math.log(lanes[1])
            project.gathered = project.worn = 0.0

    def supervision(self, uid: int) -> float:
        """Return the draw that says whether a project is supervised."""
        return float(self.streams.lanes("delivery", np.array([uid], dtype=np.uint64), 0, 0)[2, 0])

    def ventures(self, quarter: int) -> list[tuple[int, float, float, list[float]]]:
        """Return identity, two uniforms and a Gumbel a place for each project of state-owned enterprises."""
        if not self.world.switches.state_owned_projects:
            return []
        rate, offset = self.world.parameters.state_projects / 4, self.streams.uniform("state-owned", "offset")
        count = math.floor(rate * (quarter + 1) + offset) - math.floor(rate * quarter + offset)
        uids = members(f"state-owned/{quarter}", count)
        first, second = self.streams.lanes("state-owned", uids, 0, quarter)[:2].tolist()
        luck = gumbel(self.streams.grid("state-owned and place", uids, self._keys)[0]).tolist()
        return list(zip(uids.tolist(), first, second, luck, strict=True))

    def project(self, firm: int, quarter: int) -> int:
        """Return the identity of a firm's project, begun in a quarter, wherever it is."""
        return int(derived(np.array([firm], dtype=np.uint64), quarter)[0])


def _uids(firms: list[FirmAgent]) -> np.ndarray:
    return np.array([firm.uid for firm in firms], dtype=np.uint64)
