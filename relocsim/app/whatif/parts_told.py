"""What the parts of a what-if do, in words: each policy alone, added to the others, and all of it where rivals match it.

Pure: texts and charts from answers. An interval that touches or crosses zero is never an effect.
"""

from __future__ import annotations

import pandas as pd

from relocsim.app.charts.intervals import intervals
from relocsim.app.charts.parts import Drawn
from relocsim.app.whatif.texts import amount, sign_words
from relocsim.language import Words, message
from relocsim.metrics.effects import Estimate
from relocsim.report.charts.comparison import caption_of
from relocsim.report.effects import estimate_of, sign_is_clear, title_of
from relocsim.report.sentences import POINTS
from relocsim.report.tables import records
from relocsim.spec import Spec
from relocsim.whatif.answer import Answer

UNITS = {"capture_rate": "points", "investment": "money", "jobs": "jobs", "treasury": "money", "cost": "money"}
"""Quantities that are shown and their units."""
KINDS = {"alone": message("alone"), "added": message("would be lost without it")}
RIVALS = {
    "planned": message("rivals as the scenario has them"),
    "matched": message("rivals match it"),
    "lost": message("lost to that"),
}


def effect_cell(effect: Estimate, quantity: str, words: Words) -> str:
    """Return an effect with its interval, and what may be said of its sign."""
    text = amount(effect, UNITS[quantity], words)
    if quantity == "cost":
        return text
    return words("{verdict}: {amount}", verdict=sign_words(effect, words), amount=text)


def heads(words: Words) -> list[str]:
    """Return the heads of the columns of figures."""
    return [words("Capture rate"), words("Investment"), words("Jobs"), words("Treasury"), words("Public cost")]


def part_rows(answer: Answer, words: Words) -> list[list[str]]:
    """Return one row a policy and kind in words."""
    rows = []
    for policy in answer.asked.changed:
        for kind, said in KINDS.items():
            table = _of(answer.parts, policy=policy, kind=kind)
            if table:
                cells = [effect_cell(estimate_of(table[quantity]), quantity, words) for quantity in UNITS]
                rows.append([_title(answer.asked.baseline, answer.spec, policy, words), words(said), *cells])
    return rows


def rival_rows(answer: Answer, words: Words) -> list[list[str]]:
    """Return the effect as planned, where rivals match it, and what is lost to that, in words."""
    rows = []
    for kind, said in RIVALS.items():
        table = _of(answer.matching, kind=kind)
        if table:
            cells = [effect_cell(estimate_of(table[name]), name, words) for name in UNITS if name != "cost"]
            rows.append([words(said), *cells])
    return rows


def _of(table: pd.DataFrame, **held: str) -> dict[str, dict[str, object]]:
    """Return the rows of a table that have some values, by quantity."""
    return {
        str(row["quantity"]): row for row in records(table) if all(row[name] == value for name, value in held.items())
    }


def _title(baseline: Spec, spec: Spec, policy: str, words: Words) -> str:
    """Return the title of a policy, and whether the what-if takes it away or changes it."""
    title = title_of(spec if policy in spec.policies else baseline, policy, words)
    before, after = baseline.policies.get(policy), spec.policies.get(policy)
    if before is not None and before.on and not (after is not None and after.on):
        return words("without {policy}", policy=title)
    return words("{policy}, changed", policy=title) if before is not None and before.on else title


def parts_drawn(answer: Answer, words: Words) -> Drawn:
    """Return the effects of the parts on the capture rate with their intervals, grey where the sign is not clear."""
    rows = []
    for row in records(answer.parts):
        if row["quantity"] == "capture_rate":
            title = _title(answer.asked.baseline, answer.spec, str(row["policy"]), words)
            rows.append((words("{policy}: {kind}", policy=title, kind=words(KINDS[row["kind"]])), estimate_of(row)))
    rows.append((words("all together"), answer.effect["capture_rate"]))
    return _drawn(rows, parts_title(answer, words), answer, words)


def rivals_drawn(answer: Answer, words: Words) -> Drawn:
    """Return the effect on the capture rate as planned, matched, and what is lost."""
    rows = [
        (words(RIVALS[row["kind"]]), estimate_of(row))
        for row in records(answer.matching) if row["quantity"] == "capture_rate"
    ]  # fmt: skip
    return _drawn(rows, matched_title(answer, words), answer, words)


def _drawn(rows: list[tuple[str, Estimate]], title: str, answer: Answer, words: Words) -> Drawn:
    interval = words.interval_name(rows[0][1].coverage, answer.replicates)
    what = words(
        "n = {count} paired replicates; lines: {interval} of inputs and luck; grey: the interval touches or crosses zero",
        count=answer.replicates, interval=interval,
    )  # fmt: skip
    axis = words("effect on the capture rate by investment, percentage points")
    return intervals(
        rows[::-1], axis=axis, title=title, caption=caption_of(answer.spec, what, words), words=words, scale=POINTS
    )


def parts_title(answer: Answer, words: Words) -> str:
    """Return which of the policies do something alone, and without which something would be lost."""
    told = []
    for kind, said in (
        ("alone", message("clear alone: {names}")),
        ("added", message("clear on top of all the others: {names}")),
    ):
        rows = [row for row in records(answer.parts) if row["quantity"] == "capture_rate" and row["kind"] == kind]
        clear = [
            _title(answer.asked.baseline, answer.spec, str(row["policy"]), words)
            for row in rows if sign_is_clear(estimate_of(row))
        ]  # fmt: skip
        if clear:
            told.append(words(said, names=words.listed(words.first(clear, 3))))
    if not told:
        return words("Of none of the policies can it be told what it adds")
    text = words("; ").join(told)
    return text[:1].upper() + text[1:]


def matched_title(answer: Answer, words: Words) -> str:
    """Return what is left where rivals match the what-if, and whether anything is lost to that."""
    table = {row["kind"]: estimate_of(row) for row in records(answer.matching) if row["quantity"] == "capture_rate"}
    left = effect_cell(table["matched"], "capture_rate", words)
    lost = table["lost"]
    if lost.low == lost.high == 0.0:
        text = words("nothing is lost to rivals that match it")
    elif sign_is_clear(lost):
        text = words("rivals that match it take {amount} of it", amount=amount(lost, "points", words))
    else:
        text = words("whether rivals that match it take any of it cannot be told")
    return words("Effect on the capture rate where rivals match it: {left}; {text}", left=left, text=text)
