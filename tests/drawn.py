"""One small made figure of every chart, in any language: for golden images, languages and layout."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from toy import SCENARIO

from relocsim.answers.switching import NEWLY_MOBILE, NOT_MOBILE
from relocsim.language import ENGLISH, Words
from relocsim.metrics.effects import Estimate, estimate
from relocsim.phases.cost import COMPONENTS
from relocsim.report.charts.costs import cost_sheet_chart, cost_title
from relocsim.report.charts.delivery import depth_chart, funnel_chart
from relocsim.report.charts.design import multiples_chart, phase_chart
from relocsim.report.charts.effects import effects_chart, effects_title
from relocsim.report.charts.map import Track, flow_map
from relocsim.report.charts.package import job_cost_chart, waterfall_chart
from relocsim.report.charts.sensitivity import index_chart, ranking_chart, screening_chart, tornado_chart
from relocsim.report.charts.switchers import switchers_chart
from relocsim.report.charts.time import capture_over_time
from relocsim.report.effects import Effect
from relocsim.spec import Spec, load

CAPTION = {
    "en": "n = 40 paired replicates; lines: 95 % interval. Scenario Made, digest 01234567; 70 % of 900 inputs assumed.",
    "zh": "n = 40 次配对重复模拟；线段：95% 区间。情景：虚构，运行编号 01234567；900 项输入中 70% 为假定值。",
}
NAMES = {
    "en": {"alpha": "Alpha", "beta": "Beta", "gamma": "Gamma", "delta": "Delta", "parks": "Park expansion",
           "rail": "Transport link", "fund": "Equity fund", "metal": "Metal products", "electronics": "Electronics"},
    "zh": {"alpha": "阿尔法经济技术开发区", "beta": "贝塔市", "gamma": "伽马土家族苗族自治州", "delta": "德尔塔市",
           "parks": "园区扩容", "rail": "交通通道", "fund": "股权投资基金", "metal": "金属制品业",
           "electronics": "计算机、通信和其他电子设备制造业"},
}  # fmt: skip


def made(mean: float, half: float, replicates: int = 40) -> dict[str, Any]:
    """Return the columns of an estimate about a mean."""
    positive = replicates if mean > half else (0 if mean < -half else replicates // 2)
    return Estimate(mean, mean - half, mean + half, 0.95, half / 6, replicates, positive).__dict__


def timeline(places: dict[str, float]) -> pd.DataFrame:
    """Return rates that rise to a level by place, in two arms."""
    rows = []
    for arm, more in (("baseline", 1.0), ("all together", 1.6)):
        for place, level in places.items():
            for t in range(12):
                mean = more * level * (1 - np.exp(-(t + 1) / 4))
                row = {"arm": arm, "place": place, "quarter": f"{2008 + t // 4}-Q{t % 4 + 1}", "mean": mean}
                rows.append({**row, "low": 0.7 * mean, "high": 1.4 * mean})
    return pd.DataFrame(rows)


def effects(words: Words) -> list[Effect]:
    """Return an effect that is clear, one that is not, a harm, and one that is none."""
    found = []
    for arm, mean, half in (("parks", 0.012, 0.006), ("rail", 0.004, 0.009), ("fund", -0.005, 0.003)):
        rate, zero = Estimate(**made(mean, half)), estimate(np.zeros(40))
        title = NAMES[words.code][arm]
        found.append(Effect(arm, arm == "rail", None, rate, rate, rate, rate, zero, title))
    return found


def time(words: Words) -> Figure:
    """Draw capture over time."""
    names = NAMES[words.code]
    return capture_over_time(
        timeline({"beta": 0.02, "gamma": 0.05, "delta": 0.11}), city="beta", arms=["baseline", "all together"], names=names,
        rivals=["gamma", "delta"], starts={names["parks"]: "2009-Q1", names["rail"]: "2010-Q1"},
        title=words("{city} captures {share} % of relocated investment in the baseline", city=names["beta"], share=1.9),
        caption=CAPTION[words.code], arm_names={"baseline": words("Baseline"), "all together": words("All together")},
        words=words,
    )  # fmt: skip


def paired(words: Words) -> Figure:
    """Draw paired effects."""
    city, found = NAMES[words.code]["beta"], effects(words)
    title = effects_title(found, city, words)
    return effects_chart(found, city=city, title=title, caption=CAPTION[words.code], words=words)


def costs(words: Words) -> Figure:
    """Draw a cost sheet."""
    names = NAMES[words.code]
    steps = {"alpha": 0.0, "beta": 1.0, "gamma": -1.0, "delta": 0.5}
    rows = []
    for place, step in steps.items():
        parts = {name: 5 + step * (0.4 * np.cos(at) - 0.1 * (at % 3)) for at, name in enumerate(COMPONENTS)}
        rows.append({"place": place, **parts, "total": sum(parts.values())})
    sheet = pd.DataFrame(rows)
    sheet["difference"] = sheet["total"] - sheet["total"].iloc[0]
    title = cost_title(sheet, sector=names["metal"], city="beta", names=names, quarter="2010", words=words)
    return cost_sheet_chart(
        sheet, home="alpha", city="beta", names=names, title=title, caption=CAPTION[words.code], words=words
    )


def flows(words: Words) -> Figure:
    """Draw a map with time-distance."""
    names = NAMES[words.code]
    points = pd.DataFrame(
        {"name": [names[one] for one in ("alpha", "beta", "gamma", "delta")], "lon": [113.0, 113.2, 111.5, 114.5],
         "lat": [23.0, 26.0, 27.0, 29.5], "origin": [True, False, False, False]},
        index=["alpha", "beta", "gamma", "delta"],
    )  # fmt: skip
    table = pd.DataFrame({"origin": "alpha", "place": ["gamma", "beta", "delta"], "investment": [30.0, 55.0, 100.0]})
    tracks = [Track([(113.0, 23.0), (113.2, 26.0), (114.5, 29.5)], corridor=True)]
    return flow_map(
        table, points, tracks, city="beta", labels=["beta", "alpha", "gamma", "delta"], caption=CAPTION[words.code],
        title=words("{place}: {share}", place=names["beta"], share=words.money(55)), words=words,
        hours={"beta": 1.4, "gamma": 6.5, "delta": 3.2}, home="alpha",
    )  # fmt: skip


def switched(*rows: tuple[str, str, float], half: float = 0.1, replicates: int = 3) -> Any:
    """Return switchers with flows, and sums whose intervals reach `half` of the mean to either side."""
    flows = pd.DataFrame(rows, columns=["source", "target", "investment"])
    came = flows[(flows["target"] == "beta") & (flows["source"] != "beta")]
    went = float(flows.loc[(flows["source"] == "beta") & (flows["target"] != "beta"), "investment"].sum())
    here, fresh = (float(one["investment"].sum()) for one in (came, came[came["source"] == NOT_MOBILE]))
    sums = [("gained", "1e8 yuan", here), ("lost", "1e8 yuan", went), ("effect", "1e8 yuan", here - went)]
    sums += [(NEWLY_MOBILE, "share", fresh / here)] if here else []
    table = [{"quantity": name, "unit": unit, **made(mean, half * mean, replicates)} for name, unit, mean in sums]
    return SimpleNamespace(
        spec=spec(), policies=("incentives",), replicates=replicates, flows=flows, sums=pd.DataFrame(table)
    )


def moved(words: Words) -> Figure:
    """Draw the flow diagram of switchers."""
    rows = [("gamma", "beta", 30.0), (NOT_MOBILE, "beta", 10.0), ("delta", "beta", 10.0), ("beta", "delta", 2.0)]
    return switchers_chart(switched(*rows, ("delta", NOT_MOBILE, 3.0), replicates=40), words)


def spec() -> Spec:
    """Return the toy scenario."""
    return load(SCENARIO)


def shares(*, clear: bool = True) -> pd.DataFrame:
    """Return Shapley shares of three policies."""
    half = 0.002 if clear else 0.05
    found = {"parks": (0.011, half), "rail": (0.004, 0.006), "fund": (-0.003, half), "together": (0.012, 2 * half)}
    rows = [{"quantity": "capture_rate", "policy": one, **made(*two)} for one, two in found.items()]
    return pd.DataFrame([*rows, {"quantity": "capture_rate", "policy": "synergy", **made(0.0, 0.001)}])


def accounts(*, sure: bool = True) -> pd.DataFrame:
    """Return the accounts of three policies."""
    rows = []
    for arm, cost, job, count in (("parks", 25.0, 3e5, 40), ("rail", 60.0, 9e5, 12), ("fund", 4.0, 2e5, 40)):
        rows.append({"arm": arm, "quantity": "cost", **made(cost, 0.2 * cost)})
        found = made(job, 0.3 * job, count if sure else count // 2)
        rows.append({"arm": arm, "quantity": "cost per but-for job", **found})
    return pd.DataFrame(rows)


def stages(*, width: float = 0.1) -> pd.DataFrame:
    """Return a funnel."""
    rows = []
    for stage, of in (("intention", 1.8), ("signed", 1.0), ("honoured", 0.6), ("ground", 0.45), ("producing", 0.36)):
        ends = {"of_signed": of, "of_signed_low": of - width, "of_signed_high": of + width}
        rows.append({"stage": stage, "mean": 120 * of, "low": 100 * of, "high": 150 * of, **ends})
    return pd.DataFrame(rows)


def sectors() -> pd.DataFrame:
    """Return depth by sector."""
    held = {"electronics": (0.35, ["circuit boards", "electroplating", "moulds", "testing"]), "metal": (0.7, [])}
    return pd.DataFrame([{"sector": one, "depth": two[0], "missing": two[1]} for one, two in held.items()])


def cells() -> pd.DataFrame:
    """Return an effect over two factors whose sign turns."""
    return pd.DataFrame(
        [{"x": x, "y": y, **made(3.0 * x - y, 0.8)} for x in (0.1, 0.2, 0.4, 0.8) for y in (0.5, 1.0, 2.0)]
    )


def sensitivity() -> Any:
    """Return a sensitivity of two families and two policies."""
    factors = pd.DataFrame({"factor": ["f0", "f1"], "label": ["sensitivity", "other places: wage"]})
    screening = pd.DataFrame(
        {"factor": ["f0", "f1"], "mu_star": [3.0, 1.0], "mu_star_low": [2.0, 0.2], "mu_star_high": [4.0, 1.8],
         "samples": 20, "kept": [True, False]}
    )  # fmt: skip
    indices = pd.DataFrame(
        {"factor": ["f0", "f1"], "first_order": [0.5, 0.2], "first_order_low": [0.4, 0.1], "first_order_high": [0.6, 0.3],
         "total": [0.6, 0.4], "total_low": [0.5, 0.3], "total_high": [0.7, 0.5], "samples": 64, "luck": 0.1}
    )  # fmt: skip
    swings = pd.DataFrame(
        {"factor": ["f0", "f1"], "mean": 2.0, "lower": [-1.0, 1.5], "lower_low": [-1.5, 1.0], "lower_high": [-0.5, 2.0],
         "upper": [5.0, 2.6], "upper_low": [4.0, 2.0], "upper_high": [6.0, 3.1], "swing_low": [5.0, 0.2],
         "swing_high": [7.0, 2.0]}
    )  # fmt: skip
    ranking = pd.DataFrame(
        {"policy": ["incentives", "suppliers"], "best_in": [0.7, 0.3], "best_low": [0.6, 0.2], "best_high": [0.8, 0.4],
         "mean": [2.0, -0.4], "low": [-1.0, -2.0], "high": [5.0, 1.0]}
    )  # fmt: skip
    asked = SimpleNamespace(effect="incentives", on="capture", replicates=4)
    return SimpleNamespace(
        spec=spec(), asked=asked, unit="%", factors=factors, screening=screening, indices=indices, swings=swings,
        ranking=ranking, labels=dict(zip(factors["factor"], factors["label"], strict=True)),
    )  # fmt: skip


def _of(chart: Any, table: Any, **more: Any) -> Any:
    """Return the function that draws a chart of the city in a language."""

    def draw(words: Words = ENGLISH) -> Figure:
        names = NAMES[words.code]
        return chart(
            table(), city=names["beta"], caption=CAPTION[words.code], words=words, **more, **_names(chart, names)
        )

    return draw


def _names(chart: Any, names: dict[str, str]) -> dict[str, Any]:
    return {} if chart is funnel_chart else {"names": names}


def _phases(words: Words) -> Figure:
    text = words("effect of {policy} on {observable}", policy=NAMES[words.code]["parks"], observable="capture")
    return phase_chart(
        cells(), axes_names=("subsidy, share", "rail, hours"), effect=text, unit="%", caption=CAPTION[words.code],
        words=words,
    )  # fmt: skip


def _multiples(words: Words) -> Figure:
    names = NAMES[words.code]
    lines = {names[one]: timeline({one: level}) for one, level in (("beta", 0.02), ("gamma", 0.06), ("delta", 0.1))}
    return multiples_chart(lines, arms=("baseline", "all together"), caption=CAPTION[words.code], words=words)


CHARTS = {
    "capture-over-time": time,
    "effects": paired,
    "waterfall": _of(waterfall_chart, shares),
    "switchers": moved,
    "cost-sheet": costs,
    "flows": flows,
    "funnel": _of(funnel_chart, stages, targets={"honoured": 0.4, "ground": 0.6, "producing": 0.3}),
    "depth": _of(depth_chart, sectors),
    "job-cost": _of(job_cost_chart, accounts),
    "screening": lambda words: screening_chart(sensitivity(), words),
    "indices": lambda words: index_chart(sensitivity(), words),
    "tornado": lambda words: tornado_chart(sensitivity(), words),
    "ranking": lambda words: ranking_chart(sensitivity(), words),
    "phases": _phases,
    "multiples": _multiples,
}
"""Every chart by name."""
