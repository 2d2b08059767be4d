"""What the sheets of a workbook are called and which columns they have.

This module refuses to open workbooks.
"""

from __future__ import annotations

from dataclasses import dataclass

from relocsim.sources import Grade
from relocsim.spec.changes import PARTS, WORLD
from relocsim.spec.scenario import Scenario
from relocsim.spec.shapes import Record, Shape

WORLD_SHEET, GUIDE, NOTES = "world", "guide", "notes"
POLICIES, SCENARIO, OVERRIDE = "policies", "scenario", "override"
SHEETS = {
    "places": "places", "network": "lines", "sectors": "sectors", "parameters": "parameters",
    "scenario": SCENARIO, "policies": POLICIES, "override": OVERRIDE,
}  # fmt: skip
"""Name of the sheet of each part of a case."""
TITLES_ZH = {
    "guide": "填写说明", "places": "城市", "lines": "线路", "sectors": "行业", "parameters": "参数", "scenario": "情景",
    "policies": "政策", "override": "改动", "world": "世界", "notes": "备注",
}  # fmt: skip
"""Chinese title of each sheet."""
SHAPES: dict[str, Shape] = {
    **{part: WORLD.fields[part] for part in PARTS}, "scenario": Record(Scenario), "override": WORLD,
}  # fmt: skip
"""What belongs where in each part (policies have shapes by kind)."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet of entries."""

    key: str
    """Heading in English, by which it is found again."""
    chinese: str
    """Heading in Chinese."""
    width: int
    """Characters."""
    about: str
    """What belongs in it."""


COLUMNS = (
    Column("entry", "条目", 24, "Which place, line, policy: its id. 城市、线路、政策等的编号。"),
    Column("field", "字段", 30, "Which figure of it. Do not change. 指标编号，请勿改动。"),
    Column("meaning", "含义", 34, "What the figure is, in Chinese and English; not read back. 指标含义，仅供阅读。"),
    Column("value", "数值", 16, "The figure: a number, text, true or false, or a list a, b, c. 数值。"),
    Column("unit", "单位", 20, "Unit of the figure. Do not change. 单位，请勿改动。"),
    Column("low", "下限", 11, "Low end of the range; with high, or leave both blank. 区间下限。"),
    Column("high", "上限", 11, "High end of the range. 区间上限。"),
    Column("spread", "幅度", 11, "In place of low and high: x/2 (half to double), +-20%, or none with a note. "
           "幅度，代替上下限。"),
    Column("grade", "等级", 12, "document, statistic, literature, assumed: how well founded. What is assumed needs a range. "
           "文件、统计、文献、假设；假设值须有区间。"),
    Column("source", "来源", 60, "Publication, document or reasoning behind the figure. 来源。"),
    Column("note", "说明", 40, "Rule or remark. 备注。"),
)  # fmt: skip
GRADES_ZH = {
    Grade.DOCUMENT: "文件", Grade.STATISTIC: "统计", Grade.LITERATURE: "文献", Grade.ASSUMED: "假设",
}  # fmt: skip
"""Chinese words that are read as grades."""
FONT = "Microsoft YaHei"
"""A font with Chinese characters that Excel brings along; others put their own in its place."""


def heading(column: Column) -> str:
    """Return the heading of a column."""
    return f"{column.chinese} {column.key}"
