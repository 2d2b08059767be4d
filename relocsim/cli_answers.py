"""The commands that answer: switchers, synergy, fiscal, best packages, targets, chances, captures, yardsticks, observables.

Heavy modules are imported by the commands that use them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relocsim.terminal import console, progress, say

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from relocsim.spec import Spec

ScenarioFile = Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file.")]
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="PATH=VALUE", help="Change one entry, such as scenario.firms=2000; repeat."),
]
With = Annotated[
    list[str], typer.Option("--with", metavar="NAME", help="This policy or package; repeat; else all that are off.")
]
Policies = Annotated[list[str], typer.Option("--with", metavar="POLICY", help="Add this policy; repeat.")]
Without = Annotated[list[str], typer.Option(metavar="POLICY", help="Take this policy away; repeat.")]
Packages = Annotated[list[str], typer.Option("--package", metavar="NAME", help="Add this package; repeat.")]
Replicates = Annotated[int, typer.Option(min=1, help="Replicates; 39 or more for 95 % intervals.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")]
Sizes = Annotated[list[float], typer.Option("--size", min=0, max=10, help="Size of policies beside 1; repeat.")]
Barred = Annotated[bool, typer.Option("--barred", help="Take in policies that the law bars at their start.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for tables and the manifest.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite another run in the output folder.")]


@dataclass(frozen=True)
class Question:
    """A command as it was given."""

    kind: str
    scenario: str
    settings: list[str]
    replicates: int
    out: Path | None
    force: bool
    asked: Mapping[str, Any]

    def answer(
        self, ask: Callable[[Spec, Callable[[], None]], Any], show: Callable[[Any], RenderableType],
        tables: Callable[[Any], Mapping[str, pd.DataFrame]], charts: bool = False,
    ) -> None:  # fmt: skip
        """Play, write the tables where a folder is named, and print."""
        from relocsim.report.answering import answer_charts, answer_identity, write_answer
        from relocsim.report.asking import specification
        from relocsim.report.writing import results_folder

        spec = specification(self.scenario, settings=self.settings)
        identity = answer_identity(self.kind, spec, self.replicates, self.asked)
        with results_folder(self.out, identity, force=self.force) if self.out else nullcontext(None) as partial:
            with progress("replicates", self.replicates) as tick:
                found = ask(spec, tick)
            if partial is not None:
                drawn = answer_charts(found) if charts else {}
                write_answer(partial, tables(found), identity, spec, self.scenario, self.settings, charts=drawn)
        console().print(show(found))
        if self.out is not None:
            say(f"written to {self.out}")


def _cores(jobs: int | None) -> int:
    from relocsim.batch.workers import cores

    return jobs or cores()


def switchers(
    scenario: ScenarioFile, with_: With = [], replicates: Replicates = 20, jobs: Jobs = None, settings: Settings = [],  # noqa: B006
    out: Out = None, force: Force = False,
    charts: Annotated[bool, typer.Option(help="Draw the flow diagram too, with --out.")] = True,
) -> None:  # fmt: skip
    """Tell which firms policies bring or lose, from and to where, what tipped each, and what windfall was paid."""
    from relocsim.answers.switching import switchers as ask
    from relocsim.report.screens.answers import switchers_screen

    Question("switchers", scenario, settings, replicates, out, force, {"with": with_}).answer(
        lambda spec, tick: ask(spec, with_, replicates=replicates, jobs=_cores(jobs), tick=tick),
        switchers_screen,
        lambda found: found.tables,
        charts=charts,
    )


def synergy(
    scenario: ScenarioFile, with_: With = [], replicates: Replicates = 20, jobs: Jobs = None,  # noqa: B006
    pairs: Annotated[int, typer.Option(min=2, help="Sampled orders and reverses, of more than ten policies.")] = 20,
    settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """Share out the effect of a package over its policies (Shapley), and show what pairs do together."""
    from relocsim.answers.synergies import synergy as ask
    from relocsim.report.screens.answers import synergy_screen

    Question("synergy", scenario, settings, replicates, out, force, {"with": with_, "pairs": pairs}).answer(
        lambda spec, tick: ask(spec, with_, replicates=replicates, pairs=pairs, jobs=_cores(jobs), tick=tick),
        synergy_screen,
        lambda found: {"table": found.table, "interactions": found.interactions},
    )


def fiscal(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile, with_: Policies = [], without: Without = [], package: Packages = [],  # noqa: B006
    rate: Annotated[
        float | None, typer.Option(min=0, max=1, help="Discount rate, share a year; else the cost of capital.")
    ] = None,
    replicates: Replicates = 20, jobs: Jobs = None, settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """Tell what policies cost, what a job and a but-for job cost, payback, present value, and what is only moved about."""
    from relocsim.answers.costing import fiscal as ask
    from relocsim.report.screens.answers import fiscal_screen

    arms: dict[str, Any] = {"with_": with_, "without": without, "packages": package}
    Question("fiscal", scenario, settings, replicates, out, force, {**arms, "rate": rate}).answer(
        lambda spec, tick: ask(spec, **arms, rate=rate, replicates=replicates, jobs=_cores(jobs), tick=tick),
        fiscal_screen,
        lambda found: {"table": found.table},
    )


def best(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile,
    budget: Annotated[float, typer.Option(min=0, help="Public cost over the run at most, 1e8 yuan.")],
    goal: Annotated[str, typer.Option(help="capture, investment or jobs (but-for).")] = "capture",
    a_yuan: Annotated[bool, typer.Option("--a-yuan", help="Most of it a yuan, not most of it.")] = False,
    with_: With = [], size: Sizes = [], barred: Barred = False,  # noqa: B006
    exact: Annotated[bool, typer.Option("--exact", help="Try every package, however many there are.")] = False,
    rival: Annotated[list[str], typer.Option(metavar="PLACE", help="A main rival, who matches; repeat.")] = [],  # noqa: B006
    replicates: Replicates = 20, jobs: Jobs = None, settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """Search the best package of policies and sizes under a budget, also where the main rivals match it."""
    from relocsim.answers.packages import Goal, best_package
    from relocsim.report.screens.answers import best_screen

    sizes = sorted({1.0, *size})
    asked = {"budget": budget, "goal": goal, "a_yuan": a_yuan, "with": with_, "sizes": sizes, "barred": barred,
             "exact": exact, "rivals": rival}  # fmt: skip
    Question("best", scenario, settings, replicates, out, force, asked).answer(
        lambda spec, tick: best_package(
            spec, Goal(goal, budget, a_yuan), policies=with_, sizes=sizes, barred=barred, exact=exact, rivals=rival,
            replicates=replicates, jobs=_cores(jobs), tick=tick,
        ),
        best_screen,
        lambda found: {"table": found.table},
    )  # fmt: skip


def targets(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile,
    mode: Annotated[str, typer.Option(help="Mode of outreach.")] = "visits",
    visits: Annotated[float, typer.Option(min=0, help="Contacts made.")] = 100.0,
    years: Annotated[float, typer.Option(min=0.25, max=20, help="Years over which they count.")] = 4.0,
    quarter: Annotated[str | None, typer.Option(metavar="2010-Q1", help="Quarter whose costs hold.")] = None,
    replicates: Replicates = 40, jobs: Jobs = None, settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """List whom to call on: sectors, origins and missing links by what the next hundred visits would bring."""
    from relocsim.answers.prospects import Asked, target_list
    from relocsim.report.looking import parse_quarter
    from relocsim.report.screens.answers import targets_screen

    asked = {"mode": mode, "visits": visits, "years": years, "quarter": quarter}
    question = Asked(mode, visits, years, parse_quarter(quarter) if quarter else None)
    Question("targets", scenario, settings, replicates, out, force, asked).answer(
        lambda spec, tick: target_list(spec, question, replicates=replicates, jobs=_cores(jobs), tick=tick),
        targets_screen,
        lambda found: {"table": found.table, "by_sector": found.by_sector},
    )


def chances(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile,
    yardstick: Annotated[str, typer.Option(help="Such as 'in place from outside the province'.")],
    target: Annotated[float, typer.Option(help="What is to be reached, in the unit of the yardstick.")],
    year: Annotated[int | None, typer.Option(help="Calendar year; else the whole period.")] = None,
    level: Annotated[float, typer.Option(min=0, max=1, help="Chance that is wanted.")] = 0.8,
    with_: With = [], size: Sizes = [], barred: Barred = False,  # noqa: B006
    replicates: Replicates = 20, jobs: Jobs = None, settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """Tell how likely a target of the officials' yardsticks is met, and the cheapest change that makes it likely enough."""
    from relocsim.answers.targets_met import Target, chances_of
    from relocsim.report.screens.answers import chances_screen

    sizes = sorted({1.0, *size})
    asked = {
        "yardstick": yardstick,
        "target": target,
        "year": year,
        "level": level,
        "with": with_,
        "sizes": sizes,
        "barred": barred,
    }
    Question("chances", scenario, settings, replicates, out, force, asked).answer(
        lambda spec, tick: chances_of(
            spec, Target(yardstick, target, year), level=level, policies=with_, sizes=sizes, barred=barred,
            replicates=replicates, jobs=_cores(jobs), tick=tick,
        ),
        chances_screen,
        lambda found: {"table": found.table, "sizes": found.sizes},
    )  # fmt: skip


def captures(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile,
    place: Annotated[list[str], typer.Option(help="A member of a group; repeat; else the city.")] = [],  # noqa: B006
    with_: Policies = [], without: Without = [], package: Packages = [],  # noqa: B006
    replicates: Replicates = 20, jobs: Jobs = None, settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """Tell capture and contested capture by stage, sector, origin and size, of the city or a group, and paired effects."""
    from relocsim.answers.capturing import captures as ask
    from relocsim.report.screens.answers import captures_screen

    arms: dict[str, Any] = {"with_": with_, "without": without, "packages": package}
    Question("captures", scenario, settings, replicates, out, force, {**arms, "places": place}).answer(
        lambda spec, tick: ask(spec, members=place, **arms, replicates=replicates, jobs=_cores(jobs), tick=tick),
        captures_screen,
        lambda found: {"table": found.table, "effects": found.effects},
    )


def observe(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile, with_: Policies = [], without: Without = [], package: Packages = [],  # noqa: B006
    replicates: Replicates = 20, jobs: Jobs = None, settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """Tell what policies change of everything observed: passing through, interception, clusters, concentration, funnel."""
    from relocsim.answers.observing import observed
    from relocsim.report.asking import specification
    from relocsim.report.screens.answers import observed_screen

    arms: dict[str, Any] = {"with_": with_, "without": without, "packages": package}
    Question("observe", scenario, settings, replicates, out, force, arms).answer(
        lambda spec, tick: observed(spec, **arms, replicates=replicates, jobs=_cores(jobs), tick=tick),
        lambda found: observed_screen(specification(scenario, settings=settings), found),
        lambda found: {"table": found.table},
    )


def yardsticks(
    scenario: ScenarioFile,
    quarterly: Annotated[bool, typer.Option("--quarterly", help="By quarter in the files, not by year.")] = False,
    settings: Settings = [], out: Out = None, force: Force = False,  # noqa: B006
) -> None:  # fmt: skip
    """Tell the yardsticks that officials answer to, by place and year, in one run at central inputs."""
    from relocsim.answers.yardsticks import yardstick_table
    from relocsim.batch.running import run
    from relocsim.report.screens.answers import yardsticks_screen

    def ask(spec: Spec, tick: Callable[[], None]) -> tuple[Spec, Any]:
        found = run(spec).model
        tick()
        return spec, found

    Question("yardsticks", scenario, settings, 1, out, force, {"quarterly": quarterly}).answer(
        ask,
        lambda found: yardsticks_screen(found[0], yardstick_table(found[1], yearly=True)),
        lambda found: {"table": yardstick_table(found[1], yearly=not quarterly)},
    )


def swap(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile,
    rival: Annotated[str, typer.Option(metavar="PLACE", help="City with which dates are swapped.")],
    delay: Annotated[int, typer.Option(min=1, help="Quarters by which the later one starts later.")] = 12,
    with_: With = [], replicates: Replicates = 20, jobs: Jobs = None, settings: Settings = [],  # noqa: B006
    out: Out = None, force: Force = False,
) -> None:  # fmt: skip
    """Tell how much of the gap to a rival goes with the date of policies that both pursue: path dependence."""
    from relocsim.answers.observing import path_dependence
    from relocsim.report.asking import specification
    from relocsim.report.screens.answers import swap_screen

    Question(
        "swap", scenario, settings, replicates, out, force, {"with": with_, "rival": rival, "delay": delay}
    ).answer(
        lambda spec, tick: path_dependence(
            spec, with_, rival, delay, replicates=replicates, jobs=_cores(jobs), tick=tick
        ),
        lambda found: swap_screen(specification(scenario, settings=settings), found, replicates),
        lambda found: {"table": found},
    )


COMMANDS: tuple[Callable[..., None], ...] = (
    switchers, synergy, fiscal, best, targets, chances, captures, observe, yardsticks, swap,
)  # fmt: skip
"""In the order of the help text."""
