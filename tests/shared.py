"""Fixtures that every test may share, made once a session; none of them is ever written to."""

from __future__ import annotations

import os
import pickle
from functools import cache
from pathlib import Path

import pytest
import typer.main
import typer.testing
from batching import plan_file
from runs import with_scenario
from toy import SCENARIO

from relocsim.batch import bundles, opening
from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.executing import run_batch
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.spec import Spec, load
from relocsim.world.calendar import Quarter

CHENZHOU = Path(__file__).parents[1] / "scenarios" / "chenzhou.yaml"
WHOLE = CHENZHOU.with_name("chenzhou-whole.yaml")
"""With every policy that there is."""

# commands of Typer are made anew from their signatures each time that one is called, which costs more than most of them do
typer.testing._get_command = cache(typer.main.get_command)


@pytest.fixture(scope="session")
def toy() -> Spec:
    """The toy scenario: five places, three sectors, five years."""
    return load(SCENARIO, settings=["scenario.firms=300"])


@pytest.fixture(scope="session")
def foundation(toy: Spec) -> Foundation:
    """What all arms of the toy scenario share, with awareness as described."""
    return lay_foundation(toy)


@pytest.fixture(scope="session")
def baseline(foundation: Foundation) -> RelocationModel:
    """The toy scenario as written, run to its end."""
    return RelocationModel(foundation.spec, foundation=foundation).run()


@pytest.fixture(scope="session")
def everything(foundation: Foundation) -> RelocationModel:
    """The toy scenario with every policy in force, run to its end."""
    return RelocationModel(foundation.spec, foundation=foundation, on=foundation.spec.policies).run()


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Every policy of the toy scenario over three years, in three replicates: what one process has played, others read."""
    base = tmp_path_factory.getbasetemp()
    kept = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compared.pickle"
    if not kept.exists():
        spec = load(SCENARIO, settings=["scenario.firms=300", "scenario.end=2010-Q4"])
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_bytes(pickle.dumps(compare(spec, replicates=3)))
        partial.replace(kept)
    return pickle.loads(kept.read_bytes())


@pytest.fixture(scope="session")
def chenzhou() -> Spec:
    """The Chenzhou scenario, small: few agents and four years, whenever its policies start."""
    return with_scenario(load(CHENZHOU, settings=["scenario.firms=500"]), end=Quarter.parse("2011-Q4"))


# ---------------------------------------------------------------- batches


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of four runs, so that a small batch has several."""
    monkeypatch.setattr(opening, "_part_size", lambda reader: 4)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch that was never stopped: three parts of four runs; never written to."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_part_size", lambda reader: 4)
        return run_batch(plan_file(folder), folder / "out")


@pytest.fixture
def played_runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that are played in this process, as they are."""
    numbers: list[int] = []

    def counted(bundle: bundles.Bundle) -> list[bundles.Finished]:
        numbers.extend(bundle.runs)
        return bundles.play_bundle(bundle)

    monkeypatch.setattr("relocsim.batch.crew.play_bundle", counted)
    return numbers
