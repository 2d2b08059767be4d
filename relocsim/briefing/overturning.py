"""What could overturn the answer: assumptions, how well the case is known to fit, too few replicates."""

from __future__ import annotations

import pandas as pd

from relocsim.briefing.beside import Sensitivity, Validity
from relocsim.briefing.blocks import Block, Points, Section, Table, Text
from relocsim.briefing.facts import Facts, Policy
from relocsim.briefing.rules import few, within
from relocsim.language import Words
from relocsim.report.labels import family_label
from relocsim.sensitivity.drawn import FEWEST, STANDS_OUT

_SHOWN = 6
_MANY = 100_000
"""Replicates beyond which no number is told."""


def overturning(words: Words, facts: Facts, sensitivity: Sensitivity | None, validity: Validity | None) -> Section:
    """Return what the answer rests on and what would change it."""
    points = [assumed_sentence(words, facts), validity_sentence(words, validity)]
    if facts.main is not None:
        points.append(precision_sentence(words, facts, facts.main))
    blocks: list[Block] = [Points(tuple(text for text in points if text))]
    if validity is not None and validity.misses:
        blocks.append(misses_table(words, validity))
    if sensitivity is not None:
        blocks += _of_sensitivity(words, facts, sensitivity)
    elif facts.main is not None:
        blocks += _of_replicates(words, facts, facts.main)
    return Section(words("What could overturn it"), tuple(blocks))


def assumed_sentence(words: Words, facts: Facts) -> str:
    """Return how much of the inputs is assumed."""
    held = facts.manifest
    return words(
        "{share} of the {inputs} inputs are assumed, openly and with a range; {ranged} inputs have a range and are drawn "
        "anew in every replicate, so that the intervals hold what is not known of them.",
        share=words.percent(float(held["assumed_share"])), inputs=words.plain(held["inputs"], 0),
        ranged=words.plain(held["ranged"], 0),
    )  # fmt: skip


def validity_sentence(words: Words, validity: Validity | None) -> str:
    """Return how well the case is known to fit what happened."""
    if validity is None:
        return words(
            "How well this case fits what happened has not been stored with these results: levels are no forecast, and "
            "policies should be compared with each other only."
        )
    return words(
        "Of {count} published figures that the model was checked against, {met} lie within its interval, {missed} do not, "
        "and for {wide} the interval is too wide to tell: levels are no forecast.",
        count=validity.count,
        met=validity.met,
        missed=len(validity.misses),
        wide=validity.wide,
    )


def precision_sentence(words: Words, facts: Facts, main: Policy) -> str:
    """Return how many replicates would settle the mean, where that is known."""
    table = facts.stored.table("replicates")
    text = words("With more replicates the interval itself may change.") if few(main.rate) else ""
    rows = table[table["arm"] == main.arm] if table is not None else pd.DataFrame()
    if rows.empty or pd.isna(rows["replicates_needed"].iloc[0]) or main.inert:
        return text
    wanted, held = int(rows["replicates_needed"].iloc[0]), facts.replicates
    if wanted <= held:
        return words(
            "{n} replicates are enough to know the mean effect of {policy} to a tenth.",
            n=held,
            policy=within(words, main),
        )
    more = words.plain(wanted, 0) if wanted <= _MANY else words("more than {n}", n=words.plain(_MANY, 0))
    return words(
        "Luck: to know the mean effect of {policy} to a tenth takes about {wanted} replicates of this size; these are {n}. "
        "More agents need fewer.",
        policy=within(words, main), wanted=more, n=held,
    )  # fmt: skip


def _of_replicates(words: Words, facts: Facts, main: Policy) -> list[Block]:
    """Return how the effect goes with what was drawn, from the comparison's own replicates."""
    table = facts.stored.table("assumptions")
    own = table[table["arm"] == main.arm] if table is not None else pd.DataFrame()
    if own.empty:
        return [
            Text(
                words(
                    "Which assumptions matter most cannot be told from these results: it takes {n} replicates in which the "
                    "effect differs, or a relocsim sensitivity.",
                    n=FEWEST,
                )
            )
        ]
    return [Text(correlation_sentence(words, own, main, facts)), correlation_table(words, own, main, facts)]


def correlation_sentence(words: Words, own: pd.DataFrame, main: Policy, facts: Facts) -> str:
    """Return whether any family of inputs stands out from what luck would show."""
    held = {"n": int(own["replicates"].iloc[0]), "count": len(own), "policy": within(words, main)}
    clear = own[own["p_family"] < STANDS_OUT]
    if clear.empty:
        return words(
            "Over the {n} replicates the effect of {policy} goes with none of {count} families of inputs more than luck "
            "alone would show among so many; the strongest are listed. A sensitivity with runs of its own tells more.",
            **held,
        )
    labels = words.first([family_label(words, str(one), facts.owners(words)) for one in clear["label"]], 3)
    return words(
        "Over the {n} replicates the effect of {policy} goes with {families} more than luck would show among "
        "{count} families "
        "of inputs: if these are other than assumed, the answer changes most.",
        families=words.listed(labels), **held,
    )  # fmt: skip


def correlation_table(words: Words, own: pd.DataFrame, main: Policy, facts: Facts) -> Table:
    """Return the families of inputs whose draws go most with the effect."""
    columns = (
        words("Inputs"), words("Number"), words("Assumed"), words("Rank correlation"), words("Chance by luck, all counted"),
    )  # fmt: skip
    rows = tuple(
        (
            family_label(words, str(row["label"]), facts.owners(words)),
            words.plain(row["inputs"], 0),
            words.percent(row["assumed"]),
            words.signed(row["rho"], 2),
            words.percent(row["p_family"])
            if row["p_family"] >= 0.01
            else words("below {share}", share=words.percent(0.01)),
        )
        for _, row in own.head(_SHOWN).iterrows()
    )
    note = words(
        "Spearman's rank correlation of the effect with the mean quantile at which a family of inputs was drawn, over this "
        "comparison's own {n} replicates; the chance counts all {count} families (Holm). What was drawn is not all that can "
        "be wrong.",
        n=int(own["replicates"].iloc[0]), count=len(own),
    )  # fmt: skip
    return Table(
        words("Assumptions that go most with the effect"), columns, rows, note, "assumptions", (3, 1, 1, 1.3, 1.6)
    )


def _of_sensitivity(words: Words, facts: Facts, found: Sensitivity) -> list[Block]:
    """Return what a sensitivity says."""
    labels = [family_label(words, str(one), facts.owners(words)) for one in found.indices["label"].head(3)]
    told = words(
        "A sensitivity analysis of {effect} (Morris, then Sobol) finds that its effect on {on} depends most on {families}.",
        effect=found.effect, on=found.on, families=words.listed(labels),
    )  # fmt: skip
    other = "" if found.digest == facts.manifest["digest"] else words(
        "It was played on another version of the scenario (digest {digest}), and holds for this one as far as "
        "they are alike.",
        digest=found.digest[:8],
    )  # fmt: skip
    columns = words("Inputs"), words("Total index"), words("Interval")
    rows = tuple(
        (
            family_label(words, str(row["label"]), facts.owners(words)),
            words.plain(row["total"], 2),
            words("{low} to {high}", low=words.plain(row["total_low"], 2), high=words.plain(row["total_high"], 2)),
        )
        for _, row in found.indices.head(_SHOWN).iterrows()
    )
    note = words("Total index: share of the variance of the effect that goes with these inputs, alone and with others.")
    table = Table(words("Assumptions that matter most"), columns, rows, note, "sensitivity: indices", (3, 1, 1.5))
    return [Text(told), *([Text(other)] if other else []), table]


def misses_table(words: Words, validity: Validity) -> Table:
    """Return published figures that the model misses, in the words and the unit of the evidence."""
    columns = words("Published figure"), words("Published, with tolerance"), words("Simulated, 95 % of replicates")
    rows = tuple(
        (one.name, _span(words, one.published), _span(words, one.simulated)) for one in validity.misses[:_SHOWN]
    )
    note = words("The first {shown} of {count} misses.", shown=len(rows), count=len(validity.misses))
    return Table(words("Known misses"), columns, rows, note, "validation: figures", (3, 1.4, 1.6))


def _span(words: Words, ends: tuple[float, float]) -> str:
    return words("{low} to {high}", low=words.plain(ends[0]), high=words.plain(ends[1]))
