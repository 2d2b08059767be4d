"""Simplified Chinese, as officials' papers write it: 亿元, 万人, 万平方米, 公顷 with 亩 beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from relocsim.language.words import FEWEST_FOR_95, Words
from relocsim.metrics.effects import Estimate
from relocsim.world.calendar import Quarter

_MYRIAD = 1e4
_MU_PER_HECTARE = 15


def messages_of(path: Path) -> dict[str, str]:
    """Return the translations of a catalogue; those of a count, of which Chinese has one form, by both English ones."""
    from babel.messages.pofile import read_po  # not needed by who reads English

    with path.open("rb") as file:
        entries = [(one.id, one.string) for one in read_po(file, locale="zh") if one.id and one.string]
    found = {}
    for given, to in entries:
        found.update(dict.fromkeys((given,) if isinstance(given, str) else given, to if isinstance(to, str) else to[0]))
    return found


class Chinese(Words):
    """Simplified Chinese."""

    code: ClassVar[str] = "zh"
    wide: ClassVar[bool] = True

    @cached_property
    def messages(self) -> dict[str, str]:
        """Chinese messages by the English ones."""
        return messages_of(Path(__file__).parent / "zh" / "messages.po")

    @cached_property
    def documents(self) -> dict[str, str]:
        """Chinese documentation of policies and their fields by the English one."""
        return messages_of(Path(__file__).parent / "zh" / "policies.po")

    def __call__(self, text: str, /, **values: object) -> str:
        """Return a message as in every language; a wide bracket that a value ends with needs no space after it."""
        return super().__call__(text, **values).replace("） ", "）")

    def documented(self, text: str) -> str:
        """Return the Chinese documentation; the English where there is none."""
        return self.documents.get(" ".join(text.split()), text)

    def lookup(self, text: str) -> str:
        """Return the Chinese message; KeyError where there is none."""
        try:
            return self.messages[text]
        except KeyError:
            raise KeyError(f"no Chinese for {text!r}: add it to relocsim/language/zh/messages.po") from None

    def name(self, named: object) -> str:
        """Return the Chinese name."""
        return str(getattr(named, "name_zh", None) or named.title_zh)  # type: ignore[attr-defined]

    def between(self, mean: str, low: str, high: str) -> str:
        """Return `均值（低至高）`."""
        return f"{mean}（{low} 至 {high}）"

    def more(self, count: int) -> str:
        """Return `其他 3 项`."""
        return f"其他 {count} 项"

    def percent(self, share: float, places: int = 0) -> str:
        """Return `12%`."""
        return f"{100 * share:.{places}f}%" if math.isfinite(share) else "-"

    def money(self, amount: float) -> str:
        """Return `12.3 亿元`, `3,400 万元`."""
        amount = abs(amount)
        return f"{self.plain(amount)} 亿元" if amount >= 1 else f"{self.plain(_MYRIAD * amount, 0)} 万元"

    def money_span(self, estimate: Estimate, *, sign: bool = False) -> str:
        """Return `12（3 至 20）亿元`."""
        largest = max(abs(estimate.mean), abs(estimate.low), abs(estimate.high))
        scale, unit = (1.0, "亿元") if largest >= 1 else (_MYRIAD, "万元")
        text = self.span(estimate, scale, sign=sign)
        return f"{text}{unit}" if text.endswith("）") else f"{text} {unit}"

    def people(self, count: float) -> str:
        """Return `1.2 万人`, `320 人`."""
        return f"{self.plain(count / _MYRIAD)} 万人" if abs(count) >= _MYRIAD else f"{self.plain(count, 0)} 人"

    def land(self, hectares: float) -> str:
        """Return `320 公顷（4,800 亩）`."""
        return f"{self.plain(hectares)} 公顷（{self.plain(_MU_PER_HECTARE * hectares, 0)} 亩）"

    def floor(self, area: float) -> str:
        """Return `120 万平方米`."""
        return f"{self.plain(area)} 万平方米"

    def quarter(self, quarter: Quarter) -> str:
        """Return `2010年第1季度`."""
        return f"{quarter.year}年第{quarter.index % 4 + 1}季度"

    def listed(self, given: Sequence[str], last: str = "and") -> str:
        """Return `甲、乙和丙`."""
        joined = {"and": "和", "or": "或"}[last]
        return f"{'、'.join(given[:-1])}{joined}{given[-1]}" if len(given) > 1 else "".join(given)

    def interval_name(self, coverage: float, replicates: int) -> str:
        """Return `95% 区间`, or the range of how many replicates it is."""
        if replicates >= FEWEST_FOR_95:
            return "95% 区间"
        return f"{replicates} 次重复模拟的全距，预计覆盖率 {self.percent(coverage)}"
