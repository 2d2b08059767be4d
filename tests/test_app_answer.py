"""What the page says and draws of an answer, without a browser: the figures are those of the tables, and no more is said."""

import json
from dataclasses import replace

import numpy as np
import pytest

from relocsim.app.charts.answer import over_time, side_by_side
from relocsim.app.charts.parts import round_scale
from relocsim.app.whatif.texts import effect_of, figures, finding, progress, verdict
from relocsim.app.whatif.uploads import LARGEST, UploadError, safe_name, text_of
from relocsim.batch.comparing import Comparison
from relocsim.language import LANGUAGES, words_in
from relocsim.metrics.effects import Estimate, estimate

ENGLISH = words_in("en")


@pytest.fixture(scope="module")
def answered(compared: Comparison) -> Comparison:
    """The comparison of one policy that raises capture."""
    return one_arm(compared, "incentives")


def one_arm(compared: Comparison, name: str) -> Comparison:
    at = [0, next(at for at, arm in enumerate(compared.arms) if arm.name == name)]
    return replace(
        compared, arms=tuple(compared.arms[one] for one in at), amounts=compared.amounts[:, at],
        over_time=compared.over_time[:, at], treasury=compared.treasury[:, at],
    )  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_lines_and_bands_are_those_of_the_table(answered: Comparison, code: str):
    arms = {arm.name: arm.name for arm in answered.arms}
    drawn = over_time(answered.timeline, "beta", arms, {}, title="t", words=words_in(code))
    json.dumps(drawn.option, allow_nan=False)
    for at, arm in enumerate(arms):
        rows = answered.timeline[(answered.timeline["arm"] == arm) & (answered.timeline["place"] == "beta")]
        line, low, width = drawn.option["series"][3 * at : 3 * at + 3]
        held = np.array([[item["value"] for item in line["data"]], low["data"], width["data"]], dtype=float)
        table = 100 * rows[["mean", "low", "high"]].to_numpy().T
        assert held == pytest.approx(np.stack([table[0], table[1], table[2] - table[1]]), nan_ok=True)
        assert drawn.option["xAxis"]["data"] == list(rows["quarter"])


def test_names_in_a_chart_are_no_mark_up(answered: Comparison):
    arms = {arm.name: "<img src=x onerror=alert(1)>" for arm in answered.arms}
    drawn = over_time(answered.timeline, "beta", arms, {}, title="t", words=ENGLISH)
    assert "<img" not in "".join(item["told"] for item in drawn.option["series"][0]["data"])


def test_dates_of_policies_are_marked_with_letters(answered: Comparison):
    start = answered.spec.scenario.start
    starts = {"Rail": start + 4, "Park": start + 2, "Visits": start + 4, "Later": start + 400}
    drawn = over_time(answered.timeline, "beta", {"baseline": "Baseline"}, starts, title="t", words=ENGLISH)
    marked = drawn.option["series"][0]["markLine"]["data"]
    assert [(one["xAxis"], one["label"]["formatter"]) for one in marked] == [("2008-Q3", "a"), ("2009-Q1", "b")]
    assert drawn.caption == "a 2008-Q3: Park; b 2009-Q1: Rail and Visits"


@pytest.mark.parametrize(
    ("highest", "end", "step"),
    [(0.945, 1.0, 0.2), (0.4, 0.4, 0.1), (1.16, 1.5, 0.5), (73.0, 80.0, 20.0), (3e-4, 3e-4, 1e-4)],
)
def test_an_axis_ends_at_a_round_figure(highest: float, end: float, step: float):
    assert round_scale(highest) == {"max": end, "interval": step}


def test_effects_side_by_side_are_grey_where_the_interval_touches_zero():
    clear, unclear = estimate(np.array([0.01, 0.02, 0.03])), estimate(np.array([-0.01, 0.02, 0.03]))
    drawn = side_by_side({"one": clear, "two": unclear}, title="t", words=ENGLISH)
    points = drawn.option["series"][-1]["data"]
    assert [point["value"] for point in points] == [[pytest.approx(2.0), 0], [pytest.approx(4 / 3), 1]]
    assert points[0]["itemStyle"] != points[1]["itemStyle"]
    json.dumps(drawn.option, allow_nan=False)


def with_rate(comparison: Comparison, change: list[float]) -> Comparison:
    """Return the comparison with another effect on the capture rate, replicate by replicate."""
    rates = comparison.rates.copy()
    rates[:, 1, :, comparison.stage, comparison.city] = (
        rates[:, 0, :, comparison.stage, comparison.city] + np.array(change)[:, None]
    )
    changed = replace(comparison)
    changed.__dict__["rates"] = rates
    return changed


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_interval_across_zero_is_never_called_an_effect(answered: Comparison, code: str):
    words = words_in(code)
    said = {
        kind: finding(with_rate(answered, change), "X", words)
        for kind, change in {
            "up": [0.01, 0.02, 0.03],
            "across": [-0.01, 0.02, 0.03],
            "touch": [0.0, 0.02, 0.03],
        }.items()
    }
    raises = {"en": "seems to raise", "zh": "似可使"}[code]
    assert raises in said["up"]
    for kind in ("across", "touch"):
        assert raises not in said[kind]
        shown = figures(with_rate(answered, [-0.01, 0.02, 0.03]), {}, words)[0]
        assert not shown.clear
        assert words("sign not clear: {span}", span="").strip() in shown.value


def test_verdicts_are_weaker_with_few_replicates(answered: Comparison):
    effect = effect_of(answered, "X", ENGLISH)
    few = replace(effect, rate=estimate(np.linspace(0.01, 0.02, 20)))
    many = replace(effect, rate=estimate(np.linspace(0.01, 0.02, 60)))
    none = replace(effect, rate=estimate(np.zeros(20)))
    assert [verdict(one, ENGLISH) for one in (few, many, none)] == ["seems to raise", "raises", "no change"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_costs_are_told_with_what_is_not_known(answered: Comparison, code: str):
    nothing = Estimate(np.nan, np.nan, np.nan, 0.0, np.nan, 0, 0)
    words = words_in(code)
    shown = figures(answered, {"cost": estimate(np.array([1.0, 2.0, 3.0])), "cost per but-for job": nothing}, words)
    assert len(shown) == 7
    assert not shown[-1].clear
    assert shown[-1].value == words("cannot be told")
    assert all(figure.label and figure.value for figure in shown)


def test_progress_counts():
    assert progress(1, 40, ENGLISH) == "1 of 40 replicate"
    assert progress(12, 40, ENGLISH) == "12 of 40 replicates"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.exe", b"a: 1", "its name should end in .yaml"),
        ("plan.yaml", b"\xff\xfe\x00", "not text in UTF-8"),
        ("plan.yaml", b"a\0b", "not text in UTF-8"),
        ("plan.yaml", b"x" * (LARGEST + 1), "more than 256 KB"),
    ],
)
def test_what_is_no_scenario_file_is_refused_in_words(name: str, content: bytes, said: str):
    with pytest.raises(UploadError, match=said):
        text_of(name, content, ENGLISH)


def test_what_is_one_is_read_with_any_mark_of_its_order():
    assert text_of("方案.yml", "\ufeff名: 一".encode(), ENGLISH) == "名: 一"


def test_names_of_files_lose_their_folders_and_marks():
    assert safe_name("../../etc/<b>plan\n.yaml") == "bplan.yaml"
    assert safe_name("C:\\plans\\rail.yaml") == "rail.yaml"
    assert safe_name("///") == "file"
    assert len(safe_name("x" * 300 + ".yaml")) == 80
