"""Looking inside a run: it plays as `relocsim.run` does, and what is shown is what the columns hold."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from toy import SCENARIO

import relocsim
from relocsim.errors import RelocsimError
from relocsim.language import ENGLISH, words_in
from relocsim.look import server
from relocsim.look.firms import firm_grids, next_decider
from relocsim.look.looked import LookedModel, Opened, bounds, controls
from relocsim.look.pictures import capture_so_far, flows_so_far, funnel_so_far, funnel_stages, map_so_far, rates_so_far
from relocsim.observe import project_table
from relocsim.report import tables
from relocsim.report.charts.sources import stages_of

SETTINGS = ("scenario.firms=300", "scenario.end=2010-Q4")
OPENED = Opened(str(SCENARIO), SETTINGS)
CHINESE = words_in("zh")


@pytest.fixture(scope="module")
def half() -> LookedModel:
    """A run that is looked at in the midst of it."""
    model = LookedModel(opened=OPENED)
    for _ in range(7):
        model.step()
    return model


def test_it_plays_as_a_run_does() -> None:
    looked = LookedModel(opened=OPENED, seed="9", replicate="2", **{"policies.incentives": True, "policies.hsr": False})
    assert looked.spec.on == {"incentives"}
    looked.run()
    changed = ["scenario.seed=9", "policies.incentives.on=true", "policies.hsr.on=false"]
    played = relocsim.run(SCENARIO, settings=[*SETTINGS, *changed], replicate=2)
    assert played.spec.digest == looked.spec.digest
    np.testing.assert_array_equal(looked.projects.uid, played.model.projects.uid)
    np.testing.assert_array_equal(looked.projects.dates, played.model.projects.dates)
    np.testing.assert_array_equal(looked.places.output, played.model.places.output)
    rates = played.capture.query("stage == 'producing' and measure == 'investment'")["capture_rate"]
    np.testing.assert_array_equal(rates_so_far(looked)[-1], rates)
    flows = tables.flows(played)
    outside = flows[~flows["place"].isin(["alpha"])].sort_values(["origin", "place"], ignore_index=True)
    mine = flows_so_far(looked).sort_values(["origin", "place"], ignore_index=True)
    assert mine["place"].tolist() == outside["place"].tolist()
    np.testing.assert_allclose(mine["investment"], outside["investment"])


def test_controls_are_those_of_the_schema_and_the_scenario() -> None:
    offered, spec = controls(OPENED, ENGLISH), OPENED.spec()
    assert offered["firms"]["label"] == "Agents that stand for firms, 100 to 5,000,000"
    assert bounds("seed", ENGLISH) == "0 or more"
    switched = {name.partition(".")[2]: one["value"] for name, one in offered.items() if name.startswith("policies.")}
    assert switched == {name: policy.on for name, policy in spec.policies.items()}
    assert controls(OPENED, CHINESE)["replicate"]["value"] == "输入取中心值"
    made = LookedModel(**{name: one["value"] if isinstance(one, dict) else one for name, one in offered.items()})
    assert (made.problem, made.spec.digest) == ("", spec.digest)
    assert made.replicate is None


@pytest.mark.parametrize(
    ("name", "value", "said"), [("firms", "7", "100"), ("seed", "-1", "0"), ("firms", "many", "many")]
)
def test_a_number_that_the_schema_refuses_is_told_and_not_taken(name: str, value: str, said: str) -> None:
    model = LookedModel(opened=OPENED, **{name: value})
    assert said in model.problem
    assert f"scenario.{name}" in model.problem
    assert model.spec.digest == OPENED.spec().digest


def test_nothing_is_played_after_the_end() -> None:
    model = LookedModel(opened=OPENED).run()
    output = model.places.output.copy()
    model.step()
    assert model.steps == model.quarter == model.spec.scenario.quarters
    np.testing.assert_array_equal(model.places.output, output)


def test_the_funnel_is_that_of_the_printed_chart(half: LookedModel) -> None:
    table = project_table(half.setting, half.population, half.projects, half.spec.scenario.start)
    printed = stages_of(table[table["place"].astype(str) == half.spec.scenario.study.city])
    mine = funnel_stages(half)
    np.testing.assert_allclose(mine["mean"], printed["mean"])
    assert mine.loc[0, "mean"] > 0


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("quarters", [0, 7])
def test_pictures_of_any_quarter_are_drawn_in_both_languages(half: LookedModel, quarters: int, words) -> None:
    model = half if quarters else LookedModel(opened=OPENED)
    told = [draw(model, words).get_suptitle() for draw in (map_so_far, capture_so_far, funnel_so_far)]
    when = words.quarter(model.spec.scenario.start + 6) if quarters else words("the start")
    assert all(when in one.replace("\n", "" if words.wide else " ") for one in told)


def test_a_firm_is_shown_as_its_columns_have_it(half: LookedModel) -> None:
    row = next_decider(half)
    assert row is not None
    assert half.projects.dates[0, half.projects.firm == row].max() == half.quarter - 1
    model = LookedModel(opened=OPENED)
    model.watch_firm(row)
    for _ in range(7):
        model.step()
    who, projects, decision = firm_grids(model, ENGLISH)
    assert who.rows[0] == ("number and uid", f"{row} · {model.population.uid[row]}")
    assert len(projects.rows) == np.sum(model.projects.firm == row)
    mine = model.projects.place[model.projects.firm == row]
    assert [cells[1] for cells in projects.rows] == [
        model.spec.world.places[model.setting.places.ids[at]].name for at in mine
    ]
    review = model.watch.reviews[-1]
    best = review.places[review.places["known"]].nlargest(1, "value").iloc[0]
    assert decision.rows[0][0] == model.spec.world.places[best["place"]].name
    assert decision.rows[0][2] == ENGLISH.signed(best["value"], 2)


def test_what_lacks_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(server.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RelocsimError, match=r"needs Solara, which is not installed: pip install 'relocsim\[viz\]'"):
        server.require_viz()
    monkeypatch.setattr(server.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(server, "assets", lambda: tmp_path)
    monkeypatch.setattr(server, "wanted_assets", lambda: {"requirejs@2.3.6"})
    monkeypatch.setattr(server, "version", lambda name: "1.58.2")
    with pytest.raises(RelocsimError, match=r"requirejs@2\.3\.6.*not fetched from elsewhere"):
        server.require_viz()
    (tmp_path / "requirejs@2.3.6").mkdir()
    server.require_viz()


def test_a_port_that_is_taken_is_said() -> None:
    with server.listening(0) as held, pytest.raises(RelocsimError, match="choose another with --port"):
        server.listening(held.getsockname()[1])


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"host": "127.0.0.1:8765"}, True),
        ({"host": "localhost:8765", "origin": "http://localhost:8765"}, True),
        ({"host": "evil.example:8765"}, False),
        ({"host": "127.0.0.1:8765", "origin": "http://evil.example"}, False),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_pages_of_this_machine_are_answered(headers: dict[str, str], answered: bool, kind: str) -> None:
    sent: list[dict[str, object]] = []

    async def page(scope: object, receive: object, send) -> None:
        await send({"type": "answered"})

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> None:
        return None

    held = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(server.Guard(page)({"type": kind, "headers": held}, receive, send))
    assert (sent[0]["type"] == "answered") == answered
