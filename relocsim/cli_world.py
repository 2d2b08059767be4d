"""The commands of one's own worlds: `new-world` makes a template, `workbook` writes and reads a case as an Excel file.

Heavy modules are imported by the commands that use them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relocsim.terminal import console

Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
workbook = typer.Typer(no_args_is_help=True, help="Write a case as an Excel workbook, and read it back.")


def new_world(  # noqa: PLR0913 - one option each
    name: Annotated[str, typer.Argument(metavar="NAME", help="The city, in Latin letters, such as Huaihua.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder to write, anywhere.")],
    rival: Annotated[list[str], typer.Option(metavar="PLACE", help="A place of the world, or Shaoyang@111.47,27.24; repeat.")] = [],  # noqa: B006, E501
    based_on: Annotated[str, typer.Option(metavar="WORLD", help="Shipped world: chenzhou, yibin, zhoukou, zhoukou-city.")] = "chenzhou",  # noqa: E501
    like: Annotated[str, typer.Option(metavar="PLACE", help="Place whose figures are taken over.")] = "hengyang",
    name_zh: Annotated[str | None, typer.Option(metavar="名称", help="Chinese name.")] = None,
    province: Annotated[str | None, typer.Option(help="Province, in English; else that of --like.")] = None,
    lon: Annotated[float | None, typer.Option(help="Longitude, degrees; not needed where the city is a station.")] = None,
    lat: Annotated[float | None, typer.Option(help="Latitude, degrees.")] = None,
    gdp: Annotated[float | None, typer.Option(help="GDP of 2010, 1e8 yuan.")] = None,
    population: Annotated[float | None, typer.Option(help="Residents of 2010, 10k persons.")] = None,
    secondary_share: Annotated[float | None, typer.Option(help="Share of industry and construction in GDP.")] = None,
    wage: Annotated[float | None, typer.Option(help="Mean wage of urban units of 2010, yuan a year.")] = None,
    taken_from: Annotated[str | None, typer.Option("--from", metavar="COMPOSITE", help="What the city was counted in; else that of its province; or none.")] = None,  # noqa: E501
    line: Annotated[list[str], typer.Option(metavar="LINE", help="Line that gets a stop at the city; repeat.")] = [],  # noqa: B006
    book: Annotated[Path | None, typer.Option("--workbook", metavar="FILE.xlsx", help="Write it as a workbook too.")] = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Make a world for a city that no world has: places, baseline, three questions, and what to fill in first."""
    from relocsim.template.asked import asked
    from relocsim.template.making import make_world
    from relocsim.workbook.door import write_book

    given = {"gdp": gdp, "population": population, "secondary_share": secondary_share, "wage": wage}
    wanted = asked(
        name, based_on=based_on, like=like, name_zh=name_zh, province=province, lon=lon, lat=lat, given=given,
        rivals=rival, taken_from=taken_from, lines=line,
    )  # fmt: skip
    made = make_world(wanted, out, force=force)
    console().print(f"written to {out}: {', '.join(made)}")
    if book is not None:
        write_book(out / "baseline.yaml", book, force=force)
        console().print(f"written to {book}")
    console().print(f"next: read {out / 'README.md'}, then relocsim check {out / 'baseline.yaml'}")


@workbook.command("write")
def write_workbook(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write.")],
    force: Force = False,
) -> None:
    """Write a scenario with its world as a workbook: a row a figure, headings in Chinese and English."""
    from relocsim.workbook.door import write_book

    write_book(scenario, file, force=force)
    console().print(f"written to {file}")


@workbook.command("read")
def read_workbook(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to read.")],
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder for the files; without it they are only checked.")] = None,  # noqa: E501
    force: Force = False,
) -> None:  # fmt: skip
    """Read a workbook back: every error with its sheet and cell; where there is none, the files of the case."""
    from relocsim.workbook.door import read_book

    spec, written = read_book(file, out, force=force)
    console().print(f"{file}: ok ({spec!r})")
    if out is not None:
        console().print(f"written to {out}: {', '.join(written)}")


COMMANDS = {"new-world": new_world}
"""Commands by name; `workbook` is a group of its own."""
