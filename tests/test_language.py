"""Every message has its Chinese, numbers are written as each language does."""

import ast
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from babel.messages.extract import extract_from_file
from toy import SCENARIO

from relocsim import language
from relocsim.errors import RelocsimError
from relocsim.language import ENGLISH, LANGUAGES, Chinese, words_in
from relocsim.language.chinese import messages_of
from relocsim.metrics.effects import Estimate, estimate
from relocsim.policies import catalogue
from relocsim.report.effects import sign_is_clear
from relocsim.spec import load
from relocsim.world.calendar import Quarter

PACKAGE = Path(language.__file__).parents[1]
KEYWORDS = {"words": None, "message": None, "plural": (1, 2)}
FIELD = re.compile(r"{(\w+)[^}]*}")
CHINESE = Chinese()


@cache
def speaking(folder: Path) -> list[Path]:
    """Return the files of a folder that hold the call of a keyword anywhere, be it in a comment."""
    call = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\s*\(")
    return [path for path in sorted(folder.rglob("*.py")) if call.search(path.read_text("utf-8"))]


@cache
def said(folder: Path) -> set[str]:
    """Return the messages that the code of a folder says."""
    found = [one[1] for path in speaking(folder) for one in extract_from_file("python", path, keywords=KEYWORDS)]
    return {text for one in found for text in (one if isinstance(one, tuple) else (one,))}


def lacking(said_: set[str], held: dict[str, str]) -> list[str]:
    """Return the messages that have no translation, or one with other fields."""
    return sorted(one for one in said_ if not held.get(one) or set(FIELD.findall(one)) != set(FIELD.findall(held[one])))


def test_every_message_has_its_chinese() -> None:
    assert lacking(said(PACKAGE), CHINESE.messages) == []


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    assert sorted(set(CHINESE.messages) - said(PACKAGE)) == []


def test_a_plural_is_one_in_chinese(tmp_path: Path) -> None:
    file = tmp_path / "messages.po"
    file.write_text('msgid "one firm"\nmsgid_plural "{n} firms"\nmsgstr[0] "{n} 家企业"\n', "utf-8")
    assert messages_of(file) == {"one firm": "{n} 家企业", "{n} firms": "{n} 家企业"}


def hidden(code: str) -> list[int]:
    """Return the lines in which a message stands inside an f-string, where it is not collected."""
    calls = [
        call for text in ast.walk(ast.parse(code)) if isinstance(text, ast.JoinedStr) for call in ast.walk(text)
        if isinstance(call, ast.Call)
    ]  # fmt: skip
    names = [(call.lineno, getattr(call.func, "id", getattr(call.func, "attr", ""))) for call in calls]
    return [line for line, name in names if name in KEYWORDS]


def test_no_message_hides_in_an_f_string() -> None:
    assert hidden("x = f\"{words('gone')}\"\ny = words('seen')\n") == [1]
    found = {str(path): hidden(path.read_text("utf-8")) for path in speaking(PACKAGE)}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_what_lacks_is_found(tmp_path: Path) -> None:
    code = ['words("{city} gains", city=city)', 'message("All")', 'words.plural("one", "{n} more", n=n)']
    (tmp_path / "page.py").write_text("\n".join(code))
    found = said(tmp_path)
    assert found == {"{city} gains", "All", "one", "{n} more"}
    held = {"{city} gains": "{stadt}", "All": "", "one": "一", "{n} more": "另有{n}"}
    assert lacking(found, held) == ["All", "{city} gains"]
    with pytest.raises(KeyError, match="no Chinese for 'never said'"):
        CHINESE("never said")


def test_a_language_that_is_not_known_is_refused() -> None:
    with pytest.raises(RelocsimError, match="'fr' is not known: choose one of en, zh"):
        words_in("fr")


@pytest.mark.parametrize(
    ("way", "given", "english", "chinese"),
    [
        ("percent", (0.123,), "12 %", "12%"),
        ("percent", (np.nan,), "-", "-"),
        ("money", (0.34,), "34 million yuan", "3,400 万元"),
        ("money", (123.0,), "12.3 billion yuan", "123 亿元"),
        ("people", (12_000,), "12,000 people", "1.20 万人"),
        ("people", (1,), "1 person", "1 人"),
        ("land", (320,), "320 ha", "320 公顷（4,800 亩）"),
        ("floor", (120,), "1.20 million m2", "120 万平方米"),
        ("floor", (3,), "30,000 m2", "3.00 万平方米"),
        ("quarter", (Quarter.parse("2010-Q1"),), "2010-Q1", "2010年第1季度"),
        ("listed", (["a", "b", "c"],), "a, b and c", "a、b和c"),
        ("listed", (["a", "b"], "or"), "a or b", "a或b"),
        ("interval_name", (0.95, 40), "95 % interval", "95% 区间"),
        ("first", (list("abcdef"), 2), ["a", "b", "4 more"], ["a", "b", "其他 4 项"]),
    ],
)  # fmt: skip
def test_numbers_are_written_as_each_language_does(way: str, given: tuple, english: object, chinese: object) -> None:
    assert getattr(ENGLISH, way)(*given) == english
    assert getattr(CHINESE, way)(*given) == chinese


def test_an_interval_is_told_in_both() -> None:
    found = estimate(np.linspace(1.0, 3.0, 41))
    assert ENGLISH.money_span(found) == "200 (100 to 300) million yuan"
    assert CHINESE.money_span(found) == "2.00（1.00 至 3.00）亿元"
    assert CHINESE.money_span(estimate(np.ones(3))) == "1.00 亿元"


@pytest.mark.parametrize(
    ("mean", "low", "high", "span", "ends"),
    [
        (-150.0, -300.0, -0.4, "-150 (-300 to -0.4)", ("-300", "-0.4")),
        (150.0, 0.04, 300.0, "+150 (+0.04 to +300)", ("+0.04", "+300")),
        (-150.0, -300.0, 0.0, "-150 (-300 to 0)", ("-300", "0")),
        (-150.0, -300.0, 0.4, "-150 (-300 to +0.4)", ("-300", "+0.4")),
        (-150.0, -300.0, -1e-14, "-150 (-300 to 0)", ("-300", "0")),
        (0.2, -300.0, 300.0, "0 (-300 to +300)", ("-300", "+300")),
        (-1.5, -3.0, -0.004, "-1.50 (-3.00 to -0.004)", ("-3.00", "-0.004")),
        (-0.15, -0.3, -0.0004, "-0.15 (-0.30 to -0.0004)", ("-0.30", "-0.0004")),
    ],
)
def test_an_end_is_written_on_the_side_of_zero_on_which_the_verdict_has_it(
    mean: float, low: float, high: float, span: str, ends: tuple[str, str]
) -> None:
    found = Estimate(mean, low, high, 0.95, 1.0, 40, 20)
    assert ENGLISH.span(found) == span
    assert ENGLISH.ends(found) == ends
    written = [float(end) for end in ends]
    assert sign_is_clear(found) == (min(written) > 0 or max(written) < 0)
    assert CHINESE.span(found, sign=False).replace("（", " (").replace("）", ")").replace("至", "to") == span.replace(
        "+", ""
    )


def test_places_sectors_and_policies_have_names_in_both() -> None:
    world = load(SCENARIO).world
    named = [*world.places.values(), *world.sectors.values(), *catalogue().values()]
    for one in named:
        assert ENGLISH.name(one) != CHINESE.name(one)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_knows_its_code(code: str) -> None:
    assert words_in(code).code == code
