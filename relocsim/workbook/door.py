"""Workbooks and the files of a case on disk: whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from relocsim.errors import OutputExistsError, RelocsimError
from relocsim.spec import Spec, load
from relocsim.spec.placing import place_files
from relocsim.spec.writing import file_text
from relocsim.workbook.case import read_case
from relocsim.workbook.reading import files_of, read_workbook
from relocsim.workbook.writing import workbook_of


def write_book(scenario: str | Path, file: Path, *, force: bool = False) -> Path:
    """Write a case as a workbook and return its path.

    The workbook is read back before it takes its place: it is refused where it would not say the same.

    Raises
    ------
    SpecError
        Where the scenario is unsound.
    OutputExistsError
        Where the file is there and not `force`.
    RelocsimError
        Where a workbook cannot hold what the files say, or cannot be written.
    """
    if file.suffix.lower() != ".xlsx":
        raise RelocsimError(f"{file}: expected a name that ends in .xlsx")
    if file.exists() and not force:
        raise OutputExistsError(f"{file} is there already; choose another name, or overwrite it with --force")
    digest = load(scenario).digest
    book = workbook_of(read_case(scenario, file.parent))
    partial = file.with_name(f".{file.stem}.partial.xlsx")
    try:
        book.save(partial)
        if read_workbook(partial)[1].digest != digest:
            raise RelocsimError(
                f"{scenario}: a workbook would not say the same (is a table that is extended replaced as a whole?); "
                "nothing was written"
            )
        partial.replace(file)
    except OSError as error:
        raise RelocsimError(f"{file} cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
    return file


def read_book(file: Path, out: Path | None = None, *, force: bool = False) -> tuple[Spec, list[str]]:
    """Return what a workbook specifies, and the files written to `out`; what it does not hold there stays.

    Raises
    ------
    SpecError
        With everything wrong in the workbook, by sheet and cell.
    OutputExistsError
        Where another file is in the way and not `force`.
    """
    read, spec = read_workbook(file)
    if out is None:
        return spec, []
    texts: Mapping[str, str] = {name: file_text(*one) for name, one in files_of(read, out).items()}

    def agrees(folder: Path) -> None:
        if load(folder / "baseline.yaml").digest != spec.digest:
            raise RelocsimError(f"{file}: the files would not say the same as the workbook; nothing was written")

    return spec, place_files(texts, out, force=force, check=agrees)
