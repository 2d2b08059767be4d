"""The flow diagram of switchers: what policies moved, from where to whom. Refuses to compute flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from relocsim.answers.switching import NEWLY_MOBILE, NOT_MOBILE, Switchers
from relocsim.language import ENGLISH, Words, message
from relocsim.metrics.effects import Estimate
from relocsim.report.charts.comparison import caption_of, names_of
from relocsim.report.effects import estimate_of, sign_is_clear, title_of
from relocsim.report.terms import short
from relocsim.report.theme import BLUE, GREY, INK, LIGHT, ORANGE, SKY, VERMILLION, canvas, styled

_SIDE = 9
"""Places shown a side; the rest are one."""
_REST = "other places"
_GAP = 0.025
"""Gap between blocks, as a share of the height."""
_WIDTH = 0.035
"""Width of a block, as a share of the width."""
_TOLD = 0.005
"""Share of what was gained below which a flow is not told."""
DUST = 1e-9
"""Investment below which rounding speaks, 1e8 yuan."""


@dataclass(frozen=True)
class Block:
    """A place on one side of the diagram."""

    name: str
    low: float
    high: float


def switchers_chart(found: Switchers, words: Words = ENGLISH) -> Figure:
    """Return the flow diagram: left what firms did without the policies, right with them; widths are investment.

    Flows are means over replicates of what moved between two places; newly and no longer mobile firms are own blocks.
    """
    city = found.spec.scenario.study.city
    flows = found.flows[found.flows["investment"] > DUST]
    names = side_names(found, words)
    with styled(words):
        figure = canvas(10, 7.2, flow_title(found, words), flow_caption(found, words))
        axes = figure.subplots()
        axes.set_axis_off()
        if flows.empty:
            axes.text(0.5, 0.5, words("nothing moved"), ha="center", color=GREY)
            return figure
        table = gathered(flows, city)
        shown = [_blocks(table, side, city) for side in ("source", "target")]
        _ribbons(axes, table, shown[0], shown[1], city)
        for at, blocks in enumerate(shown):
            _labels(axes, blocks, names, city, right=bool(at), words=words)
        axes.set_xlim(-0.42, 1.42)
        axes.set_ylim(1.06, -0.07)
        for x, text in ((0.0, words("without")), (1.0, words("with"))):
            axes.text(x, -0.045, text, ha="center", fontsize=10, color=INK, fontweight="bold")
    return figure


def side_names(found: Switchers, words: Words) -> dict[str, str]:
    """Return the names of what stands on both sides, by id; where nothing is, each side has its own."""
    return {name: short(said) for name, said in names_of(found.spec, words).items()} | {_REST: words("other places")}


def flow_caption(found: Switchers, words: Words) -> str:
    """Return what the diagram shows, and of how many replicates."""
    what = words(
        "Investment that {policies} moved, mean of n = {count} replicates; left: where it is without, right: with; in the "
        "title: {interval}",
        policies=words.listed(words.first(_titles(found, words))), count=found.replicates,
        interval=words.interval_name(_money(found, "gained").coverage, found.replicates),
    )  # fmt: skip
    return caption_of(found.spec, what, words)


def gathered(flows: pd.DataFrame, city: str) -> pd.DataFrame:
    """Return flows by source and target with the small places of each side put together, sizes kept."""
    table = flows[["source", "target", "investment"]].copy()
    for side in ("source", "target"):
        sums = table.groupby(side)["investment"].sum().sort_values(ascending=False, kind="stable")
        shown = {*sums.index[:_SIDE], city, NOT_MOBILE}
        table[side] = table[side].where(table[side].isin(shown), _REST)
    return table.groupby(["source", "target"], as_index=False)["investment"].sum()


def _blocks(table: pd.DataFrame, side: str, city: str) -> dict[str, Block]:
    """Return the blocks of a side from the top: the city, places by size, the rest, nowhere."""
    sums = table.groupby(side)["investment"].sum()
    order = order_of(table, side, city)
    total, room = float(sums.sum()), 1 - _GAP * (len(order) - 1)
    blocks, top = {}, 0.0
    for name in order:
        high = top + room * float(sums[name]) / total
        blocks[name] = Block(name, top, high)
        top = high + _GAP
    return blocks


def order_of(table: pd.DataFrame, side: str, city: str) -> list[str]:
    """Return what stands on a side from the top: the city, places by size, the rest, nowhere."""
    sums = table.groupby(side)["investment"].sum()
    last = {_REST: 1, NOT_MOBILE: 2}
    return sorted(sums.index, key=lambda name: (name != city, last.get(name, 0), -sums[name], name))


def _ribbons(axes: Axes, table: pd.DataFrame, left: Mapping[str, Block], right: Mapping[str, Block], city: str) -> None:
    """Draw a ribbon a flow; on both sides in the order of the other side, so that as few as can be cross."""
    rank = {
        side: {name: at for at, name in enumerate(blocks)} for side, blocks in (("source", left), ("target", right))
    }
    starts = {"source": {n: b.low for n, b in left.items()}, "target": {n: b.low for n, b in right.items()}}
    total = {
        "source": table.groupby("source")["investment"].sum(),
        "target": table.groupby("target")["investment"].sum(),
    }
    ends: dict[int, dict[str, tuple[float, float]]] = {at: {} for at in table.index}
    for side, other, blocks in (("source", "target", left), ("target", "source", right)):
        ordered = table.assign(rank=table[other].map(rank[other])).sort_values([side, "rank"], kind="stable")
        for at, name, amount in zip(ordered.index, ordered[side], ordered["investment"], strict=True):
            low = starts[side][name]
            share = amount / total[side][name] * (blocks[name].high - blocks[name].low)
            starts[side][name] = low + share
            ends[at][side] = (low, low + share)
    flow_rows = sorted(table.itertuples(), key=lambda row: city in (row.source, row.target))
    for row in flow_rows:
        colour = BLUE if row.target == city else (VERMILLION if row.source == city else LIGHT)
        _ribbon(axes, ends[row.Index]["source"], ends[row.Index]["target"], colour)


def _ribbon(axes: Axes, left: tuple[float, float], right: tuple[float, float], colour: str) -> None:
    x0, x1 = _WIDTH, 1 - _WIDTH
    middle = 0.5 * (x0 + x1)
    corners = [
        (x0, left[0]), (middle, left[0]), (middle, right[0]), (x1, right[0]),
        (x1, right[1]), (middle, right[1]), (middle, left[1]), (x0, left[1]), (x0, left[0]),
    ]  # fmt: skip
    curve = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(corners, curve), facecolor=colour, alpha=0.62, linewidth=0))


def _labels(
    axes: Axes, blocks: Mapping[str, Block], names: Mapping[str, str], city: str, *, right: bool, words: Words
) -> None:
    nowhere = words("no longer mobile") if right else words("newly mobile")
    x = 1 - _WIDTH if right else 0.0
    for name, block in blocks.items():
        colour = BLUE if name == city else (ORANGE if name == NOT_MOBILE else SKY)
        axes.bar(x, block.high - block.low, _WIDTH, bottom=block.low, align="edge", color=colour)
    for name, y in _spread(blocks).items():
        word = names.get(name, name) if name != NOT_MOBILE else nowhere
        weight = "bold" if name == city else "normal"
        text_x, side = (1.02, "left") if right else (-0.02, "right")
        axes.text(text_x, y, word, ha=side, va="center", fontsize=9, fontweight=weight)


def _spread(blocks: Mapping[str, Block], least: float = 0.038) -> dict[str, float]:
    """Return the heights of labels: at the middle of their blocks, moved apart where they would touch."""
    wanted = {name: (block.low + block.high) / 2 for name, block in blocks.items()}
    heights, last = {}, -np.inf
    for name, y in wanted.items():
        heights[name] = last = max(y, last + least)
    over = max(0.0, last - 1.03)
    previous = np.inf
    for name in reversed(list(heights)) if over else ():
        heights[name] = previous = min(heights[name], 1.03 if previous == np.inf else previous - least)
    return heights


_DRAW = (
    message("Of {amount} that {policies} draws to {city}, {new} is newly mobile"),
    message("Of {amount} that {policies} draw to {city}, {new} is newly mobile"),
)
_NOTHING = message("{policies} brings no investment to {city}"), message("{policies} bring no investment to {city}")


def _titles(found: Switchers, words: Words) -> list[str]:
    return [title_of(found.spec, name, words).lower() for name in found.policies]


def flow_title(found: Switchers, words: Words = ENGLISH) -> str:
    """Return the finding in words, with intervals: how much came to the city, from whom, and what went."""
    city, flows, many = found.spec.scenario.study.city, found.flows, len(found.policies) > 1
    names = names_of(found.spec, words)
    gained, lost, balance = (_money(found, quantity) for quantity in ("gained", "lost", "effect"))
    subject = words.listed(words.first(_titles(found, words), 3))
    if gained.mean <= DUST:
        return words(_NOTHING[many], policies=subject.capitalize(), city=names[city])
    came = flows[(flows["target"] == city) & (flows["source"] != city)]
    rivals = came[came["source"] != NOT_MOBILE].sort_values("investment", ascending=False, kind="stable")
    diverted = float(rivals["investment"].sum()) / float(came["investment"].sum())
    text = words(
        _DRAW[many], amount=words.money_span(gained), policies=subject, city=names[city],
        new=_fresh(found, 1 - diverted, words),
    )  # fmt: skip
    if diverted > _TOLD:
        whom = words.listed([names[one] for one in rivals["source"].head(2)])
        text += words(", most of the rest diverted from {places}", places=whom)
    if lost.mean > _TOLD * gained.mean:
        text += words("; {amount} is lost to others", amount=words.money_span(lost))
    return text + ("" if sign_is_clear(balance) else words("; whether more comes on balance cannot be told"))


def _money(found: Switchers, quantity: str) -> Estimate:
    sums = found.sums
    return estimate_of(sums[(sums["quantity"] == quantity) & (sums["unit"] == "1e8 yuan")].iloc[0])


def _fresh(found: Switchers, share: float, words: Words) -> str:
    """Return the share that is newly mobile, with its interval over replicates where tables hold one."""
    rows = found.sums[found.sums["quantity"] == NEWLY_MOBILE]
    ends = rows[["low", "high"]].to_numpy(dtype=float).ravel()
    if not len(ends) or not np.isfinite(ends).all():
        return words.percent(share)
    mean, low, high = (words.percent(one) for one in (share, *ends))
    return mean if low == high else words.between(mean, low, high)
