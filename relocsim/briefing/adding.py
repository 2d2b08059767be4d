"""What each policy adds, and at what cost."""

from __future__ import annotations

from relocsim.briefing.adding_up import adding_up, mark_of
from relocsim.briefing.beside import Synergy
from relocsim.briefing.blocks import Block, Chart, Dots, Points, Section, Table, Text
from relocsim.briefing.facts import Facts, Policy
from relocsim.briefing.rules import (
    POINTS,
    Sign,
    effect_sentence,
    interval_of,
    plain_cell,
    sign_of,
    signed_cell,
    title_of,
    verdict,
)  # fmt: skip
from relocsim.language import Words

_MYRIAD = 1e4


def adding(words: Words, facts: Facts, synergy: Synergy | None = None) -> Section:
    """Return effects and costs of every policy."""
    title = words("What each policy adds, and at what cost")
    if not facts.policies:
        return Section(title, (Text(words("No policy was compared: the results hold the baseline alone.")),))
    city = facts.city(words)
    blocks: list[Block] = [effects_chart(words, facts), *_clear(words, facts, city), effects_table(words, facts)]
    sums = adding_up(words, facts, synergy)
    blocks += [*([sums] if sums else []), *_costs(words, facts)]
    return Section(title, tuple(blocks))


def _clear(words: Words, facts: Facts, city: str) -> list[Block]:
    """Return a sentence for each effect that can be told; the table has all of them."""
    told = [one for one in facts.policies if one.clear and one.kind != "together"]
    return [Points(tuple(effect_sentence(words, one, city) for one in told), detail=True)] if told else []


def effects_chart(words: Words, facts: Facts) -> Chart:
    """Return the paired effects on the capture rate with their intervals."""
    marks = tuple(mark_of(title_of(words, one), one.rate) for one in facts.policies)
    told = [
        words("{policy} {figure}", policy=one.label, figure=signed_cell(words, policy.rate, POINTS))
        for one, policy in zip(marks, facts.policies, strict=True)
    ]
    note = words(
        "Mean of n = {n} paired replicates, with its interval as a line: {interval}. Grey: the interval "
        "touches or crosses zero, so that no "
        "effect can be told.",
        n=facts.replicates, interval=interval_of(words, facts.policies[0].rate),
    )  # fmt: skip
    axis = words("effect on {city}'s capture rate by investment, percentage points", city=facts.city(words))
    alt = words("Effects in percentage points, mean with interval: {figures}.", figures="; ".join(told))
    return Chart(chart_title(words, facts.policies), Dots(marks), axis, alt, note, "effects")


def chart_title(words: Words, policies: tuple[Policy, ...]) -> str:
    """Return the finding of the chart of effects."""
    clear = sum(sign_of(one.rate) in (Sign.MORE, Sign.LESS) for one in policies)
    if not clear:
        return words.plural(
            "The {n} effect compared cannot be told from none",
            "None of the {n} effects compared can be told from none", n=len(policies),
        )  # fmt: skip
    raising = sum(sign_of(one.rate) is Sign.MORE for one in policies)
    return words(
        "Of {n} effects compared, {up} lie above zero, {down} below, {rest} cannot be told from none",
        n=len(policies), up=raising, down=clear - raising, rest=len(policies) - clear,
    )  # fmt: skip


def effects_table(words: Words, facts: Facts) -> Table:
    """Return what each policy adds in share, money and jobs."""
    columns = (
        words("Policy"), words("Capture rate, percentage points"), words("Reading"),
        words("Investment, 1e8 yuan"), words("Jobs, persons"),
    )  # fmt: skip
    rows = tuple(
        (
            _named(words, one),
            signed_cell(words, one.rate, POINTS),
            verdict(words, one.rate),
            signed_cell(words, one.investment),
            signed_cell(words, one.jobs),
        )
        for one in facts.policies
    )
    note = words("Mean of paired replicates (interval); what crosses zero is no effect.")
    return Table(words("What each policy adds"), columns, rows, note, "effects", (2.0, 1.6, 1.3, 1.6, 1.9))


def _named(words: Words, policy: Policy) -> str:
    title = title_of(words, policy)
    return words("{policy} (in the baseline)", policy=title) if policy.in_baseline else title


def _costs(words: Words, facts: Facts) -> list[Block]:
    if facts.stored.table("fiscal") is None:
        return [Text(words("What policies cost was not stored with these results (table fiscal)."))]
    columns = (
        words("Policy"), words("Public cost, 1e8 yuan"), words("Cost per but-for job, 1e4 yuan"),
        words("Receipts less payments, 1e8 yuan"),
    )  # fmt: skip
    rows = tuple(
        (
            _named(words, one),
            plain_cell(words, facts.quantity("fiscal", one.arm, quantity="cost")),
            per_job_cell(words, facts, one),
            signed_cell(words, one.treasury),
        )
        for one in facts.policies
    )
    note = words(
        "Public cost: outlays on policies and incentives paid over the run. A but-for job is one that would not have come "
        "otherwise; its cost is told only where the interval of jobs lies above zero. Receipts less payments: of the city, "
        "with less without the policy, taxes and land sales included."
    )
    return [Table(words("What it costs"), columns, rows, note, "fiscal", (2.0, 1.6, 1.6, 1.8))]


def per_job_cell(words: Words, facts: Facts, policy: Policy) -> str:
    """Return the cost of a but-for job in 1e4 yuan; a dash where jobs cannot be told from none."""
    cost = facts.quantity("fiscal", policy.arm, quantity="cost per but-for job")
    if cost is None or sign_of(policy.jobs) is not Sign.MORE or cost.replicates < policy.jobs.replicates:
        return words("cannot be told")
    return plain_cell(words, cost, 1 / _MYRIAD)
