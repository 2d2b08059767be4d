"""Workbooks: nothing is lost on the way there and back, and what cannot be read is told by sheet and cell, all at once."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from relocsim.cli import app
from relocsim.errors import OutputExistsError, RelocsimError, SpecError
from relocsim.sources import Grade
from relocsim.spec import load
from relocsim.spec.nodes import Node, plain
from relocsim.spec.reading import read_text
from relocsim.spec.shapes import Number, Other, Row, Shape
from relocsim.spec.writing import file_text
from relocsim.workbook.cells import decoded, encoded, span
from relocsim.workbook.door import read_book, write_book
from relocsim.workbook.layout import COLUMNS, FONT

TOY = Path(__file__).parent / "toy"
PLACE = "alpha"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def toy_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of the toy world with places and network of its own; sectors and parameters stay where they are."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("toy.yaml", "places.yaml", "network.yaml", "world.yaml"):
        text = (TOY / name).read_text(encoding="utf-8")
        for part in ("sectors", "parameters"):
            text = text.replace(f"{part}: {part}.yaml", f"{part}: {(TOY / part).as_posix()}.yaml")
        (folder / name).write_text(text, encoding="utf-8")
    return write_book(folder / "toy.yaml", folder / "toy.xlsx")


@pytest.fixture
def own(toy_book: Path) -> Iterator[Path]:
    """A copy that may be spoilt, beside the first: what it names is named from there."""
    yield shutil.copy(toy_book, toy_book.with_name("own.xlsx"))
    toy_book.with_name("own.xlsx").unlink()


class Spoilt:
    """A workbook whose cells are changed by name of the figure."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, load_workbook(path)

    def address(self, sheet: str, entry: str, name: str, column: str = "value") -> str:
        at = self.book[sheet]
        line = next(
            row for row in range(2, at.max_row + 1) if (at.cell(row, 1).value, at.cell(row, 2).value) == (entry, name)
        )
        letter = at.cell(1, [one.key for one in COLUMNS].index(column) + 1).column_letter
        return f"{letter}{line}"

    def put(self, sheet: str, entry: str, name: str, value: object, column: str = "value") -> str:
        where = self.address(sheet, entry, name, column)
        self.book[sheet][where] = value
        return f"{sheet}!{where}"

    def problems(self) -> list[str]:
        self.book.save(self.path)
        with pytest.raises(SpecError) as error:
            read_book(self.path)
        return [str(one) for one in error.value.problems]

    def read(self):
        self.book.save(self.path)
        return read_book(self.path)[0]


# ---------------------------------------------------------------- there and back


def test_nothing_is_lost_there_and_back(tmp_path: Path) -> None:
    """Of a world with all parts of its own; those that extend others are in the slow suite."""
    scenario = TOY / "toy.yaml"
    book = write_book(scenario, tmp_path / "book.xlsx")
    spec, written = read_book(book, tmp_path / "elsewhere" / "case")
    again = load(tmp_path / "elsewhere" / "case" / "baseline.yaml")
    before = load(scenario)
    assert before.digest == spec.digest == again.digest
    assert {one.path: one for one in before.register} == {one.path: one for one in again.register}
    assert set(written) == {path.name for path in (tmp_path / "elsewhere" / "case").iterdir()}


def test_a_number_that_is_changed_changes_that_number_alone(own: Path) -> None:
    spoilt, before = Spoilt(own), load(TOY / "toy.yaml")
    place = PLACE
    spoilt.put("places", place, "wage", before.world.places[place].wage + 1)
    spec = spoilt.read()
    changed = [one.path for one in spec.register if one.value != before.register.inputs[one.path].value]
    assert changed == [f"places.{place}.wage"]
    assert spec.digest != before.digest


@given(st.one_of(TEXT, FINITE, st.integers(-(2**50), 2**50), st.booleans(), st.none(), st.lists(TEXT, max_size=4)))
@settings(max_examples=60, deadline=None)
def test_any_value_comes_back_from_its_cell(value: object) -> None:
    shape: Shape = Row(Other()) if isinstance(value, list) else Other()
    if isinstance(value, int | float) and not isinstance(value, bool):
        shape = Number("share")
    assert decoded(encoded(value, shape), shape) == value


@given(st.recursive(st.one_of(TEXT, FINITE, st.booleans()), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_-]{0,9}", fullmatch=True), inner, max_size=3), max_leaves=8))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_any_content_comes_back_from_its_file(value: object) -> None:
    text = file_text({"content": value}, "a comment\nof two lines")
    node: Node = read_text(text)
    assert plain(node) == {"content": value}


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12.5", 12.5),
        ("１２．５", 12.5),
        ("1,234.5", 1234.5),
        ("35%", 0.35),
        ("３５％", 0.35),
        (" 7 ", 7),
        ("−3", -3),
        ("1e8", 1e8),
        (3.0, 3),
    ],
)
def test_numbers_are_read_however_they_are_typed(cell: object, number: float) -> None:
    assert decoded(cell, Number("share")) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    "cell", ["lots", "1,23", "12 000", "1.2.3", "%", True, dt.datetime(2012, 1, 1), "#N/A", "1/2", float("inf")]
)
def test_what_may_not_be_a_number_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        decoded(cell, Number("share"))


def test_a_percentage_of_what_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="in days, found a percentage"):
        decoded("35%", Number("days"))


def test_lists_are_parted_by_any_comma() -> None:
    assert decoded("dyeing，  trimz、soles; ｃｏｋｅ", Row(Other())) == ["dyeing", "trimz", "soles", "coke"]


def test_dates_are_read_as_dates() -> None:
    assert decoded(dt.datetime(2009, 12, 26), Other()) == "2009-12-26"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ((1, 2, None), [1, 2]),
        (("１", "2", " "), [1, 2]),
        ((None, None, "±２０％"), "+-20%"),
        ((None, None, "x/2"), "x/2"),
        ((None, "", None), None),
    ],
)
def test_ranges_are_read_from_three_cells(cells: tuple[object, ...], found: object) -> None:
    assert span(*cells) == found


@pytest.mark.parametrize("cells", [(1, None, None), (None, 1, None), (1, 2, "x/2"), ("a", 2, None)])
def test_ranges_that_clash_are_refused(cells: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        span(*cells)


# ---------------------------------------------------------------- what is wrong is told by cell


def test_everything_wrong_is_told_at_once_with_its_cell(own: Path) -> None:
    spoilt = Spoilt(own)
    place = PLACE
    expected = {
        spoilt.put("places", place, "gdp", "=1+1"): "never calculated",
        spoilt.put("places", place, "wage", "lots"): "expected a number, found 'lots'",
        spoilt.put("places", place, "credibility", 1.7): "at most 1",
        spoilt.put("places", place, "approval_days", "35%"): "found a percentage",
        spoilt.put("places", place, "fees", None): "expected a value, found nothing",
        spoilt.put("places", place, "floor_rent", "floor_rnt", "field"): "did you mean 'floor_rent'?",
        spoilt.put("places", place, "land_price", "guess", "grade"): "expected a grade",
        spoilt.put("places", place, "standing", "yuan/mu", "unit"): "expected the unit 'index'",
        spoilt.put("places", place, "floor_occupied", None, "source"): "expected a source, found nothing",
        spoilt.put("places", place, "park_occupied", "#REF!"): "the error #REF! of a formula",
    }
    problems = spoilt.problems()
    for where, words in expected.items():
        assert [one for one in problems if f"own.xlsx: {where}: " in one and words in one], (where, problems)
    assert len(problems) == len(expected) + 1  # and the figure whose name was lost is missing


def test_rows_given_twice_are_told(own: Path) -> None:
    spoilt = Spoilt(own)
    sheet = spoilt.book["places"]
    sheet.append([cell.value for cell in sheet[2]])
    (problem,) = spoilt.problems()
    assert f"places!B{sheet.max_row}" in problem
    assert "given twice: here and at places!D2" in problem


def test_merged_cells_are_told(own: Path) -> None:
    spoilt = Spoilt(own)
    sheet = spoilt.book["places"]
    last = sheet.max_row
    sheet.merge_cells(f"J{last - 1}:J{last}")
    assert any(f"places!J{last - 1}" in one and "merged" in one for one in spoilt.problems())


def test_a_formula_counts_by_what_it_gave(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel saves what it calculated beside the formula; openpyxl cannot, so that a second book stands for that."""
    from relocsim.workbook import sheets

    spoilt = Spoilt(own)
    place = PLACE
    spoilt.put("places", place, "wage", 31_000)
    spoilt.book.save(tmp_path / "calculated.xlsx")
    spoilt.put("places", place, "wage", "=30000+1000")
    true = sheets._opened
    monkeypatch.setattr(
        sheets,
        "_opened",
        lambda path, calculated=False: true(str(tmp_path / "calculated.xlsx") if calculated else path),
    )
    assert spoilt.read().world.places[place].wage == 31_000


def test_headings_may_move_and_must_be_there(own: Path) -> None:
    spoilt = Spoilt(own)
    spoilt.book["places"].move_range("K1:K500", cols=3)
    assert spoilt.read().digest == load(TOY / "toy.yaml").digest
    spoilt.book["places"]["D1"] = "number"
    assert any("places!A1" in one and "none for value" in one for one in spoilt.problems())


def test_a_missing_sheet_is_told(own: Path) -> None:
    spoilt = Spoilt(own)
    del spoilt.book["scenario"]
    assert any("the sheet 'scenario' is missing" in one for one in spoilt.problems())


def test_hours_may_be_sorted_and_may_not_lack_one(own: Path) -> None:
    spoilt = Spoilt(own)
    sheet = spoilt.book["lines"]
    hours = [row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, 2).value).startswith("hours[")]
    rows = [[cell.value for cell in sheet[row]] for row in hours]
    for row, cells in zip(hours, reversed(rows), strict=True):
        for at, value in enumerate(cells, start=1):
            sheet.cell(row, at).value = value
    assert spoilt.read().digest == load(TOY / "toy.yaml").digest
    first = next(row for row in hours if sheet.cell(row, 2).value == "hours[0]")
    sheet.cell(first, 2).value = "hours[7]"
    assert any("hours[0]" in one or "hours[7]" in one for one in spoilt.problems())


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    file.write_bytes(content)
    with pytest.raises(SpecError, match="expected an Excel workbook"):
        read_book(file)


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "own.xlsx")
    with pytest.raises(SpecError, match="the sheet 'scenario' is missing"):
        read_book(tmp_path / "own.xlsx")


# ---------------------------------------------------------------- files


def test_nothing_is_half_written(own: Path, tmp_path: Path) -> None:
    before = sorted(own.parent.iterdir())
    spoilt = Spoilt(own)
    spoilt.put("places", PLACE, "wage", "lots")
    spoilt.book.save(own)
    with pytest.raises(SpecError):
        read_book(own, tmp_path / "out")
    with pytest.raises(SpecError):
        write_book(tmp_path / "no.yaml", tmp_path / "new.xlsx")
    assert list(tmp_path.iterdir()) == []
    assert sorted(own.parent.iterdir()) == before


def test_what_is_there_is_kept_unless_one_says_so(toy_book: Path, tmp_path: Path) -> None:
    out = tmp_path / "case"
    read_book(toy_book, out)
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    (out / "places.yaml").write_text("# changed\n", encoding="utf-8")
    with pytest.raises(OutputExistsError, match=r"places\.yaml"):
        read_book(toy_book, out)
    assert (out / "places.yaml").read_text(encoding="utf-8") == "# changed\n"
    read_book(toy_book, out, force=True)
    assert (out / "mine.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(OutputExistsError):
        write_book(TOY / "toy.yaml", toy_book)
    with pytest.raises(RelocsimError, match=r"ends in \.xlsx"):
        write_book(TOY / "toy.yaml", tmp_path / "book.xls")


def test_the_book_helps_whoever_fills_it_in(toy_book: Path) -> None:
    book = load_workbook(toy_book)
    assert book.sheetnames[:5] == ["guide", "places", "lines", "scenario", "policies"]
    sheet = book["places"]
    assert sheet.freeze_panes == "D2"
    assert [cell.value for cell in sheet[1]][:4] == ["条目 entry", "字段 field", "含义 meaning", "数值 value"]
    assert all(cell.comment is not None for cell in sheet[1])
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert f'"{",".join(Grade)}"' in lists
    assert '"coast,central,west,northeast"' in lists
    assert sheet["D5"].font.name == FONT
    assert sheet["D5"].font.charset == 134


def test_the_commands_say_where_it_is_wrong(own: Path, tmp_path: Path) -> None:
    spoilt = Spoilt(own)
    where = spoilt.put("places", PLACE, "wage", "lots")
    spoilt.book.save(own)
    found = CliRunner().invoke(app, ["workbook", "read", str(own), "--out", str(tmp_path / "out")])
    assert found.exit_code == 2
    assert where in found.output
    assert not (tmp_path / "out").exists()
