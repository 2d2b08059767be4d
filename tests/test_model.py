"""Laws of whole runs: same seed same bits, orders do not matter, switches switch, dates act; and golden numbers."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from golden.update import FILE, numbers
from runs import bits, changed, differing, played, with_parameters, with_policy, with_scenario, without
from toy import SCENARIO, TOY

from relocsim.foundation import empty_levers
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.spec import Spec, load
from relocsim.spec.scenario import Switches
from relocsim.world.levers import LEVERS, Change

# ---------------------------------------------------------------- the same bits


def test_the_same_seed_gives_the_same_bits(toy: Spec, everything: RelocationModel) -> None:
    assert bits(played(lay_foundation(toy), toy.policies)) == bits(everything)


def test_another_seed_and_another_replicate_give_other_bits(toy: Spec, baseline: RelocationModel) -> None:
    assert differing(played(lay_foundation(with_scenario(toy, seed=8)), toy.on), baseline)
    assert differing(played(lay_foundation(toy, replicate=1), toy.on), baseline)


def test_arms_do_not_touch_what_they_share(foundation: Foundation, baseline: RelocationModel) -> None:
    for on in (foundation.spec.policies, [], ["incentives"]):
        played(foundation, on)
    assert bits(played(foundation, foundation.spec.on)) == bits(baseline)


@pytest.mark.parametrize("quarter", [0, 3, 8])
def test_a_fork_goes_on_with_the_bits_of_a_run_of_its_own(foundation: Foundation, quarter: int) -> None:
    """As long as nothing in which the two differ has acted before."""
    spec = with_scenario(foundation.spec, end=foundation.spec.scenario.start + 11)
    policy = changed(spec.policies["incentives"], start=spec.scenario.start + quarter, capital_subsidy=0.5)
    later = lay_foundation(with_policy(spec, "incentives", policy))
    model = RelocationModel(later.spec, foundation=later, on=spec.on)
    for _ in range(quarter):
        model.step()
    twin = model.fork(spec.on | {"incentives"})
    assert bits(twin.run()) == bits(played(later, spec.on | {"incentives"}))
    assert bits(model.run()) == bits(played(later, spec.on))
    assert differing(twin, model)


def turned(tree: Any) -> Any:
    """Return a tree with every table in reverse order; lists, whose order may mean something, stay."""
    if isinstance(tree, dict):
        return {key: turned(value) for key, value in reversed(tree.items())}
    return [turned(item) for item in tree] if isinstance(tree, list) else tree


def test_the_order_of_cities_sectors_lines_and_policies_in_files_does_not_matter(tmp_path: Path) -> None:
    for name in ("toy", "world", "places", "sectors", "network", "parameters"):
        tree = yaml.load((TOY / f"{name}.yaml").read_text("utf-8"), yaml.BaseLoader)
        text = yaml.safe_dump(turned(tree), sort_keys=False, allow_unicode=True)
        unquoted = re.sub(r"(?<= )'([^'\n]*)'$", r"\1", text, flags=re.M)  # the dump takes numbers for text
        (tmp_path / f"{name}.yaml").write_text(unquoted, "utf-8")
    few = ["scenario.firms=300"]
    here, there = load(SCENARIO, settings=few), load(tmp_path / "toy.yaml", settings=few)
    assert there.digest == here.digest
    assert bits(played(lay_foundation(there), there.policies)) == bits(played(lay_foundation(here), here.policies))


def test_the_order_of_policies_in_force_does_not_matter(foundation: Foundation, everything: RelocationModel) -> None:
    names = list(foundation.spec.policies)
    assert bits(played(foundation, names[::-1])) == bits(everything)


def test_levers_are_pulled_anew_where_a_policy_changes_something_else(foundation: Foundation) -> None:
    spec, on = foundation.spec, ("incentives", "platform", "state-owned")
    model, same = RelocationModel(spec, foundation=foundation, on=on), []
    while not model.finished:
        before, model.quarter = model.pull_levers(), model.quarter + 1
        now, anew = model.pull_levers(), RelocationModel(spec, foundation=foundation, on=on)
        anew.quarter = model.quarter
        for name in LEVERS:
            np.testing.assert_array_equal(now[name], anew.pull_levers()[name], err_msg=name)
        same.append(now is before)
    assert 0 < sum(same) < len(same)


# ---------------------------------------------------------------- agents stand for firms


@pytest.mark.slow
def test_more_agents_change_nothing_but_noise(toy: Spec) -> None:
    """The share of intentions that goes to each place within two years, with four times the agents."""
    means, errors = [], []
    for firms in (250, 1000):
        spec, found = with_scenario(toy, firms=firms, end=toy.scenario.start + 7), []
        for replicate in range(24):
            projects = played(lay_foundation(spec, replicate=replicate)).projects
            found.append(np.bincount(projects.place, projects.firms, minlength=5))
        amounts = np.array(found)
        share = np.column_stack([amounts[:, 1:4] / amounts.sum(axis=1, keepdims=True), amounts.sum(axis=1) / 1e4])
        means.append(share.mean(axis=0))
        errors.append(share.std(axis=0, ddof=1) / np.sqrt(len(share)))
    assert np.all(np.abs(means[0] - means[1]) < 4 * np.hypot(*errors))
    assert np.all(errors[1] < 0.8 * errors[0])


# ---------------------------------------------------------------- policies and dates


def test_a_policy_that_starts_after_the_end_is_as_if_it_were_not(foundation: Foundation) -> None:
    spec = foundation.spec
    late = changed(spec.policies["incentives"], start=spec.scenario.end + 1)
    later = lay_foundation(with_policy(spec, "incentives", late))
    assert bits(played(later, ["incentives"])) == bits(played(foundation))


def test_a_dated_line_acts_from_the_first_quarter_after_its_date(toy: Spec) -> None:
    line, alone = "alpha-delta-hsr", Spec(toy.scenario, toy.world, {}, toy.register)
    for foundation in (lay_foundation(toy), lay_foundation(alone)):
        assert (line in foundation.named_lines) == (foundation.spec is toy)
        model = RelocationModel(foundation.spec, foundation=foundation)
        seen = {}
        while not model.finished:
            model.levers = model.pull_levers()
            seen[str(model.date)] = line in model.open_lines()
            model.step()
        opened = [quarter for quarter, is_open in seen.items() if is_open]
        assert opened[0] == "2010-Q1"
        assert len(opened) == 12


def test_a_line_that_a_policy_names_follows_the_policy_and_not_its_date(foundation: Foundation) -> None:
    model = RelocationModel(foundation.spec, foundation=foundation, on=())
    while not model.finished:
        model.step()
        assert "alpha-delta-hsr" not in model.open_lines()
    assert foundation.spec.world.network.lines["alpha-delta-hsr"].opens == dt.date(2009, 12, 26)


def test_people_are_nearer_once_the_line_is_open_and_goods_are_not(foundation: Foundation) -> None:
    model = RelocationModel(foundation.spec, foundation=foundation)
    before, hours = model.look_around(0.0).access, []
    while not model.finished:
        model.step()
    after = model.look_around(0.0).access
    alpha, beta = (model.setting.places.row(name) for name in ("alpha", "beta"))
    hours = [access.hours[alpha, beta] for access in (before, after)]
    assert hours[1] < hours[0] - 1
    np.testing.assert_array_equal(before.freight_km, after.freight_km)


# ---------------------------------------------------------------- mechanisms


@pytest.fixture(scope="module")
def many() -> Spec:
    """The toy scenario with every policy of the folder and agents enough for small effects to show."""
    leaders = ["parameters.leader_cell_output=60", "parameters.leader_size=10", "parameters.follow_constant=0",
               "parameters.review_hazard=0.4", "parameters.relocation_rate=0.12"]  # fmt: skip
    return load(TOY / "clusters.yaml", settings=["scenario.firms=3000", *leaders])


OUTCOMES = ("firms", "stage", "producing_at", "headquarters")
"""Columns of projects that tell how large they are, and what became of them when."""


def outcomes(spec: Spec) -> Iterator[list[bytes]]:
    """Yield these columns after each quarter of a run with every policy in force."""
    model = RelocationModel(spec, on=spec.policies)
    while not model.finished:
        model.step()
        columns = dict(model.projects.columns())
        yield [columns[name].tobytes() for name in OUTCOMES]


@pytest.fixture(scope="module")
def outcomes_of_many(many: Spec) -> list[list[bytes]]:
    return list(outcomes(many))


def do_they_differ(spec: Spec, usual: list[list[bytes]]) -> bool:
    """Return whether a run comes to other outcomes than the usual ones; it is played until it does."""
    return any(one != other for one, other in zip(outcomes(spec), usual, strict=True))


LIMITED = ("power_limit", "environment_limit", "labour_limit", "shortest_plank")
"""Mechanisms that do something where factors are scarce."""


@pytest.mark.parametrize("mechanism", sorted(set(Switches.model_fields) - set(LIMITED)))
def test_each_mechanism_does_something(many: Spec, outcomes_of_many: list[list[bytes]], mechanism: str) -> None:
    assert do_they_differ(without(many, mechanism), outcomes_of_many)


def test_a_mechanism_that_does_nothing_would_be_seen(toy: Spec) -> None:
    assert not do_they_differ(toy, list(outcomes(toy)))


def test_limits_do_something_where_factors_are_scarce(many: Spec) -> None:
    tight = {"power_headroom": 0.2, "environment_headroom": 0.17, "labour_slack": 0.15, "mobilisation": 0.2}
    scarce = with_parameters(many, **tight)
    limited = list(outcomes(scarce))
    for mechanism in LIMITED:
        assert do_they_differ(without(scarce, mechanism), limited), mechanism


def without_run(spec: Spec, *mechanisms: str) -> RelocationModel:
    return played(lay_foundation(without(spec, *mechanisms)), spec.policies)


def test_without_feedback_prices_stay(toy: Spec) -> None:
    model = without_run(toy, "wage_feedback", "rent_feedback")
    for ratio in (model.places.wage_ratio, model.places.rent_ratio, model.places.land_price_ratio):
        assert np.all(ratio == 1)


def test_without_awareness_every_place_is_known_and_contacts_do_not_count(toy: Spec) -> None:
    one = without_run(toy, "awareness")
    two = played(lay_foundation(without(with_parameters(toy, awareness_decay=2.0), "awareness")), toy.policies)
    assert bits(one) == bits(two)


def test_without_incentives_nobody_promises_or_pays_any(toy: Spec) -> None:
    model = without_run(toy, "incentives")
    assert not model.projects.upfront.any()
    assert not model.projects.yearly.any()


def test_without_push_reviews_stay_at_their_hazard_and_prices_without_trend(toy: Spec) -> None:
    foundation = lay_foundation(without(toy, "origin_push"))
    model = RelocationModel(foundation.spec, foundation=foundation)
    first, later = (model.look_around(years).unit_cost for years in (0.0, 8.0))
    np.testing.assert_array_equal(first, later)
    pushed = RelocationModel(toy)
    assert np.all(pushed.look_around(10.0).unit_cost > pushed.look_around(0.0).unit_cost)


def test_without_limits_everybody_is_admitted(toy: Spec) -> None:
    tiny = with_policy(toy, "park-expansion", changed(toy.policies["park-expansion"], land=0.0, floor=0.0))
    free, limited = (without_run(tiny, *off) for off in (["admission_limits"], []))
    assert free.projects.firms.sum() > limited.projects.firms.sum()


def test_depth_without_feedback_stays_as_at_the_start(toy: Spec) -> None:
    """Nor does own-industry output move, whatever comes."""
    foundation = lay_foundation(without(toy, "depth_feedback", "local_suppliers"))
    model = RelocationModel(foundation.spec, foundation=foundation, on=())
    before = model.look_around(0.0).supply.depth
    np.testing.assert_array_equal(model.run().look_around(0.0).supply.depth, before)


# ---------------------------------------------------------------- golden numbers


def test_the_numbers_of_the_toy_world_are_those_of_record() -> None:
    pinned, now = json.loads(FILE.read_text("utf-8")), numbers()
    assert now.keys() == pinned.keys()
    moved = {name: (pinned[name], now[name]) for name in now if now[name] != pytest.approx(pinned[name], rel=1e-9)}
    assert not moved, (
        f"results changed: {moved}. If that was meant, run `python -m tests.golden.update` and say why under "
        "'Results change' in CHANGELOG.md"
    )


def test_levers_that_have_been_read_change_by_policies_alone(foundation: Foundation) -> None:
    levers = empty_levers(foundation.setting, foundation.site)
    levers["talent"][0] = 0.1
    assert levers.pulled("talent")
    with pytest.raises(ValueError, match="read-only"):
        levers["talent"][0] = 0.0
    levers.apply([Change("finance", (0, 0), 0.5)])
    assert levers.pulled("finance")
