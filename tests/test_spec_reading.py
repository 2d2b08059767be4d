"""Files that cannot be read, and text that nobody should write: one readable problem each, never a traceback."""

import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from runs import examples
from toy import FILES, SCENARIO, copied

from relocsim.errors import Problem, SpecError
from relocsim.spec import check, judging, load, reading
from relocsim.spec.nodes import plain
from relocsim.spec.reading import read_file, read_text
from relocsim.spec.scalars import resolve


def only_problem(path: Path | str) -> str:
    with pytest.raises(SpecError) as raised:
        load(path)
    (problem,) = raised.value.problems
    assert problem.file == str(path)
    assert check(path) == [problem]
    return str(problem).removeprefix(f"{path}")


def test_a_parsed_file_that_is_kept_is_neither_written_to_nor_stale(tmp_path: Path) -> None:
    changes = ["parameters.sensitivity=0.02", "policies.incentives.capital_subsidy=0.2", "scenario.firms=200"]
    scenario, parameters = copied(tmp_path), tmp_path / "parameters.yaml"
    first, parsed = load(scenario), reading._parsed.cache_info().misses
    assert load(scenario, settings=changes).digest != first.digest
    assert load(scenario).digest == first.digest
    assert reading._parsed.cache_info().misses == parsed, "nothing was parsed again"
    parameters.write_text(
        parameters.read_text("utf-8").replace("sensitivity: {value: 0.03", "sensitivity: {value: 0.04")
    )
    assert load(scenario).world.parameters.sensitivity == 0.04


def forget_worlds() -> None:
    judging._whole.cache_clear()
    judging._part.cache_clear()


def test_a_world_that_is_kept_is_that_of_its_files(tmp_path: Path) -> None:
    scenario = copied(tmp_path)
    first = load(scenario)
    changed = load(scenario, settings=["places.beta.wage=31000"])
    assert load(scenario, settings=["scenario.firms=200"]).world is first.world, "nothing was worked out again"
    assert load(scenario).digest == first.digest
    assert changed.world.places["beta"].wage == 31000 != first.world.places["beta"].wage
    before, after = ({entry.path: entry for entry in spec.register} for spec in (first, changed))
    assert {path for path in before if before[path] != after[path]} == {"places.beta.wage"}
    assert after["places.beta.wage"].source == "set on the command line"
    forget_worlds()
    again = load(scenario, settings=["places.beta.wage=31000"])
    assert (again.world, list(again.register)) == (changed.world, list(changed.register))
    assert again.world is not changed.world


def test_what_is_wrong_with_a_world_is_told_each_time_until_it_is_mended(tmp_path: Path) -> None:
    scenario, sectors = copied(tmp_path), tmp_path / "sectors.yaml"
    sound = sectors.read_text("utf-8")
    sectors.write_text(sound.replace("capital_ratio:", "capital_ratios:", 1), "utf-8")
    told = []
    for _ in range(2):
        with pytest.raises(SpecError) as raised:
            load(scenario)
        told.append(raised.value.problems)
    assert told[0] == told[1]
    assert {problem.file for problem in told[0]} == {str(sectors)}
    sectors.write_text(sound, "utf-8")
    assert load(scenario).world.sectors


def test_a_missing_file(tmp_path: Path) -> None:
    assert only_problem(tmp_path / "nowhere.yaml") == ": there is no such file"
    assert only_problem(SCENARIO / "inside-a-file.yaml").startswith(": cannot read the file: Not a directory")
    assert only_problem("x" * 5000).startswith(": cannot read the file: File name too long")
    assert "cannot read the file" in only_problem("a\0b")


def test_a_directory(tmp_path: Path) -> None:
    assert only_problem(tmp_path) == ": expected a file, found a directory"


def test_a_device() -> None:
    assert only_problem("/dev/zero") == ": expected an ordinary file, found a device or a pipe"


def test_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert only_problem(tmp_path / "pipe.yaml") == ": expected an ordinary file, found a device or a pipe"


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError

    path = tmp_path / "secret.yaml"
    path.write_text("format: 1\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert only_problem(path) == ": no permission to read the file"


def test_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes("format: 1\nname: 郴州\n".encode("gbk"))
    assert only_problem(path) == ":2:7: expected text in UTF-8, found the byte 0xb3 (save the file as UTF-8)"


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfformat: 1\r\nkind: world\r\n")
    assert plain(read_file(path)) == {"format": 1, "kind": "world"}


def test_a_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(reading.MAX_BYTES + 1)
    assert only_problem(path) == ": the file has 20 MB; at most 20 are read"


def test_a_file_of_aliases_does_not_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    start = time.process_time()
    with pytest.raises(SpecError, match="anchors and aliases are not allowed"):
        read_text("\n".join(lines))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_stops_early(opening: str) -> None:
    with pytest.raises(SpecError, match=r"nested deeper|expected a name"):
        read_text(opening * 100_000)


NUMBERS = {"1": 1, "-3": -3, "+2": 2, "0": 0, "1e8": 1e8, "1E+8": 1e8, ".5": 0.5, "5.": 5.0, "-.5e1": -5.0}
CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
TEXTS = (
    "yes", "no", "on", "off", "True", "010", "0x1F", "0o7", "1:30", "1_000", "2010-01-01",
    "-", ".", "+", "e5", ".e5", "1e", "--1", "1.2.3", "x/2", "+-20%", "٣", "１",
)  # fmt: skip


@pytest.mark.parametrize(("word", "value"), [*NUMBERS.items(), *CONSTANTS.items(), *zip(TEXTS, TEXTS, strict=True)])
def test_plain_words(word: str, value: object) -> None:
    assert resolve(word) == value
    assert type(resolve(word)) is type(value)


@pytest.mark.parametrize("word", [".inf", "-.INF", ".nan", "1e999", "-9" + "9" * 400])
def test_numbers_that_are_not_finite(word: str) -> None:
    with pytest.raises(ValueError, match="expected a finite number"):
        resolve(word)


def test_quoted_words_are_text() -> None:
    assert plain(read_text("a: '1'\nb: \"true\"\nc: |\n  1\non: 3\n")) == {
        "a": "1", "b": "true", "c": "1\n", "on": 3,
    }  # fmt: skip


def test_positions_are_kept() -> None:
    root = read_text("a:\n  b: [1, {c: 2}]\n", "f.yaml")
    c = root.children["a"].children["b"].items[1].children["c"]
    assert c.mark == ("f.yaml", 2, 14)
    assert c.key == ("f.yaml", 2, 11)


FRAGMENTS = st.sampled_from(
    [
        "a", "b: ", ": ", "- ", "? ", "\n", "\n  ", "\t", "[", "]", "{", "}", ",", "'", '"', "&x ", "*x", "<<: ", "!t ",
        "|\n", ">-\n", "#", "---\n", "...\n", "%YAML 1.1\n", "1e400", ".inf", "010", "true", "\\ud800", '"\\ud800"',
        "\0", "\x85", "\ufeff", "é", "😀", "value: ", "range: ",
    ]
)  # fmt: skip


def problems_of(text: str) -> list[Problem]:
    try:
        plain(read_text(text, "f"))
    except SpecError as error:
        return error.problems or [Problem("")]
    return []


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=30).map("".join)))
@example("\ud800")
@example("a: \udcff")
@settings(max_examples=examples(100), deadline=None)
def test_no_text_crashes_the_reader(text: str) -> None:
    assert all(problem.message for problem in problems_of(text))


@given(st.lists(FRAGMENTS, max_size=20).map("".join))
@settings(max_examples=examples(80), deadline=None)
def test_no_text_crashes_the_reader_without_the_c_library(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_PARSER", yaml.SafeLoader)
        assert all(problem.message for problem in problems_of(text))


@given(st.binary(max_size=200))
@settings(max_examples=examples(60), deadline=None)
def test_no_bytes_crash_a_check(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(content)
    assert check(path)


@given(st.data())
@settings(max_examples=examples(40), deadline=None)
def test_no_slip_in_any_file_crashes_a_check(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp() / "slips"
    folder.mkdir(exist_ok=True)
    scenario = copied(folder)
    path = folder / f"{data.draw(st.sampled_from(FILES))}.yaml"
    lines = path.read_text("utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at, column = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, 30))
        text, cut = data.draw(FRAGMENTS | st.just("")), data.draw(st.integers(0, 12))
        lines[at] = lines[at][:column] + text + lines[at][column + cut :]
    path.write_text("\n".join(lines), "utf-8")
    assert all(problem.message for problem in [*check(path), *check(scenario)])
