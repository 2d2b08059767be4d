"""Draws of ranged inputs: their law, their limits, and that each depends on its own number alone."""

import math
import time
import zlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from toy import SCENARIO

from relocsim.sources import Grade, Input
from relocsim.spec import load
from relocsim.spec.drawing import draw, triangular
from relocsim.spec.scenario import Scenario

SPEC = load(SCENARIO)
UNIT = st.floats(0, 1, exclude_max=True)


def hashed(path: str) -> float:
    """Uniform numbers that belong to paths."""
    return zlib.crc32(path.encode()) / 2**32


def values(spec: object) -> dict[str, float]:
    """Value of each input as the specification holds it."""
    found: dict[str, float] = {}

    def walk(part: object, path: str) -> None:
        if isinstance(part, dict):
            for key, child in part.items():
                walk(child, f"{path}.{key}" if path else key)
        elif isinstance(part, list | tuple):
            for at, child in enumerate(part):
                walk(child, f"{path}[{at}]")
        else:
            found[path] = part  # type: ignore[assignment]

    walk(spec.world.model_dump(mode="json"), "")  # type: ignore[attr-defined]
    for name, policy in spec.policies.items():  # type: ignore[attr-defined]
        walk(policy.model_dump(mode="json"), f"policies.{name}")
    return found


def test_every_ranged_input_is_drawn_within_its_range_and_nothing_else_changes() -> None:
    before, after = values(SPEC), values(SPEC.drawn(hashed))
    ranged = {entry.path: entry for entry in SPEC.register.ranged()}
    assert len(ranged) > 200
    assert before.keys() == after.keys()
    for path, value in after.items():
        if path in ranged:
            assert ranged[path].low <= value <= ranged[path].high
            assert value != before[path]
        else:
            assert value == before[path]


def test_the_low_and_the_high_end_are_reached() -> None:
    lowest, highest = SPEC.drawn(lambda path: 0.0), SPEC.drawn(lambda path: 1 - 1e-15)
    assert lowest.world.parameters.sensitivity == pytest.approx(0.012)
    assert highest.world.parameters.sensitivity == pytest.approx(0.055)
    assert highest.world.places["beta"].land_price == pytest.approx(170 * 1.3)
    assert lowest.policies["park-expansion"].model_dump()["land"] == pytest.approx(500)


def test_a_draw_depends_on_its_own_number_alone() -> None:
    def otherwise(path: str) -> float:
        return hashed(path) if path == "places.beta.land_price" else hashed(path + "!")

    assert SPEC.drawn(hashed).world.places["beta"].land_price == SPEC.drawn(otherwise).world.places["beta"].land_price
    assert SPEC.drawn(hashed).world.parameters != SPEC.drawn(otherwise).world.parameters


def test_a_draw_is_asked_for_once_an_input_by_its_path() -> None:
    asked: list[str] = []

    def uniform(path: str) -> float:
        asked.append(path)
        return 0.5

    SPEC.drawn(uniform)
    assert sorted(asked) == [entry.path for entry in SPEC.register.ranged()]


def test_the_mode_nest_never_exceeds_the_place_nest() -> None:
    def apart(path: str) -> float:
        return {"parameters.mode_mu": 0.999, "parameters.nest_lambda": 0.0}.get(path, 0.5)

    parameters = SPEC.drawn(apart).world.parameters
    assert parameters.mode_mu == parameters.nest_lambda == pytest.approx(0.3)


def test_a_drawn_specification_is_sound_and_the_first_unchanged() -> None:
    digest = SPEC.digest
    drawn = SPEC.drawn(hashed)
    assert type(drawn.world).model_validate(drawn.world.model_dump()) == drawn.world
    assert isinstance(drawn.scenario, Scenario)
    assert SPEC.digest == digest != drawn.digest


def test_whole_numbers_stay_whole() -> None:
    text = "network.roads.neighbours={value: 3, source: x, grade: assumed, range: [2, 6]}"
    spec = load(SCENARIO, settings=[text])
    drawn = {spec.drawn(lambda path, u=u: u).world.network.roads.neighbours for u in (0.0, 0.3, 0.6, 0.99)}  # type: ignore[misc]
    assert drawn == {2, 3, 4, 6}
    assert all(isinstance(value, int) for value in drawn)


@given(UNIT, st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_triangular_stays_within_its_ends(u: float, mode: float, below: float, above: float) -> None:
    low, high = mode - below, mode + above
    assert low <= triangular(u, low, mode, high) <= high


@given(UNIT, UNIT)
def test_triangular_is_monotone(u: float, v: float) -> None:
    assume(u < v)
    assert triangular(u, 1.0, 2.0, 5.0) <= triangular(v, 1.0, 2.0, 5.0)


@given(UNIT)
def test_triangular_inverts_its_distribution(u: float) -> None:
    low, mode, high = 1.0, 2.0, 5.0
    x = triangular(u, low, mode, high)
    if x < mode:
        below = (x - low) ** 2 / ((high - low) * (mode - low))
    else:
        below = 1 - (high - x) ** 2 / ((high - low) * (high - mode))
    assert below == pytest.approx(u, abs=1e-9)


def test_half_of_a_symmetric_factor_lies_on_each_side() -> None:
    entry = Input("x", 10.0, "", "", Grade.ASSUMED, 5.0, 20.0, log=True)
    assert draw(entry, 0.5) == pytest.approx(10.0)
    assert draw(entry, 0.0) == pytest.approx(5.0)
    assert math.log(draw(entry, 0.2) / 10) == pytest.approx(-math.log(draw(entry, 0.8) / 10))


@given(UNIT)
def test_negative_numbers_with_factors_stay_within(u: float) -> None:
    entry = Input("x", -0.4, "", "", Grade.ASSUMED, -0.8, -0.2, log=True)
    assert -0.8 <= draw(entry, u) <= -0.2


def test_drawing_is_fast() -> None:
    SPEC.drawn(hashed)
    start = time.process_time()
    for _ in range(10):
        SPEC.drawn(hashed)
    per_input = (time.process_time() - start) / 10 / len(SPEC.register.ranged())
    assert per_input < 60e-3 / 4000
