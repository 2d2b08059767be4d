"""Who is captured from whom, and what would come anyway."""

from __future__ import annotations

import pandas as pd

from relocsim.answers.switching_rows import GONE, NEW
from relocsim.answers.telling import PAID, WINDFALL
from relocsim.briefing.blocks import Bars, Block, Chart, Section, Table, Text
from relocsim.briefing.facts import Facts, Policy
from relocsim.briefing.going import flow_map
from relocsim.briefing.opening import but_for_sentence
from relocsim.briefing.rules import POINTS, Sign, joined, plain_cell, sign_of, signed_cell, title_of, within
from relocsim.language import Words

_SHOWN = 8
_DUST = 1e-9
_LEAST = 0.005
"""Share of what moves below which a source is not told."""


def sources(words: Words, facts: Facts) -> Section:
    """Return from whom the city wins firms, to whom it loses some, and where firms go in the scenario as written."""
    main, blocks = facts.main, list[Block]()
    if main is None:
        blocks.append(Text(words("No policy was compared, so that nobody switched.")))
    elif facts.stored.table("sources") is None:
        blocks.append(Text(words("Which firms switch was not stored with these results (table sources).")))
    else:
        blocks += _switching(words, facts, main)
    chart = flow_map(words, facts)
    return Section(words("Who is captured from whom"), (*blocks, *([chart] if chart else [])))


def _switching(words: Words, facts: Facts, main: Policy) -> list[Block]:
    gained = ranked_sources(facts, main.arm, "gained")
    how = words(
        "Firms are compared with themselves: the same firm, tastes and luck, with and without the policy. What it places in "
        "the city because of it is taken from where it had placed it otherwise."
    )
    rest = joined(words, most_sentence(words, facts, main), _lost(words, facts, main), _net(words, main))
    blocks: list[Block] = [Text(gained_sentence(words, facts, main), lead=True)]
    blocks += [*([Text(rest)] if rest else []), Text(how, detail=True)]
    if len(gained) > 1:
        blocks.append(sources_chart(words, facts, main, gained))
    if len(gained):
        blocks.append(sources_table(words, facts, main))
    return blocks


def ranked_sources(facts: Facts, arm: str, change: str) -> pd.DataFrame:
    """Return the sources of what was gained (or takers of what was lost), investment, the largest first."""
    table = facts.stored.tables["sources"]
    own = table[(table["arm"] == arm) & (table["change"] == change) & (table["measure"] == "investment")]
    total = float(own.loc[own["source"] == "all", "mean"].sum())
    own = own[(own["source"] != "all") & (own["mean"] > max(_DUST, _LEAST * total))]
    return own.sort_values(["mean", "source"], ascending=[False, True], ignore_index=True)


def gained_sentence(words: Words, facts: Facts, main: Policy) -> str:
    """Return how much moves to the city, how much of it is newly mobile, and how much is diverted."""
    total = facts.quantity("sources", main.arm, change="gained", source="all", measure="investment")
    held = {"policy": within(words, main), "city": facts.city(words)}
    if total is None or total.mean <= _DUST:
        return words("With {policy} no investment moves to {city} in any replicate.", **held)
    gained = ranked_sources(facts, main.arm, "gained")
    fresh = float(gained.loc[gained["source"] == NEW, "mean"].sum()) / total.mean
    return words(
        "With {policy} firms place {money} in {city} that they place elsewhere or nowhere without: {fresh} of it is newly "
        "mobile, {diverted} is diverted from other places.",
        money=words.money_span(total), fresh=words.percent(fresh), diverted=words.percent(1 - fresh), **held,
    )  # fmt: skip


def most_sentence(words: Words, facts: Facts, main: Policy) -> str:
    """Return from which places most is diverted."""
    gained = ranked_sources(facts, main.arm, "gained")
    rivals = [facts.name(one, words) for one in gained["source"] if one != NEW][:3]
    return words("Most is diverted from {rivals}.", rivals=words.listed(rivals)) if rivals else ""


def _lost(words: Words, facts: Facts, main: Policy) -> str:
    lost = facts.quantity("sources", main.arm, change="lost", source="all", measure="investment")
    if lost is None or lost.mean <= _DUST:
        return ""
    return words("Other firms go elsewhere instead: {money} is lost.", money=words.money_span(lost))


def _net(words: Words, main: Policy) -> str:
    """Return a hedge where the sum of both directions cannot be told from zero."""
    if sign_of(main.investment) in (Sign.MORE, Sign.LESS):
        return ""
    return words(
        "These are moves in single replicates, many of them luck; whether more comes on balance cannot be told, since the "
        "interval of the net effect on investment includes zero."
    )


def source_name(words: Words, facts: Facts, source: str) -> str:
    """Return the name of where firms come from or go to."""
    if source in (NEW, GONE):
        return words("newly mobile") if source == NEW else words("no longer mobile")
    return facts.name(source, words)


def sources_chart(words: Words, facts: Facts, main: Policy, gained: pd.DataFrame) -> Chart:
    """Return the chart of sources, the largest on top."""
    top = gained.head(_SHOWN)
    labels = tuple(source_name(words, facts, one) for one in top["source"])
    amounts = tuple(float(one) for one in top["mean"])
    told = [f"{label} {words.plain(amount)}" for label, amount in zip(labels, amounts, strict=True)]
    city = facts.city(words)
    if top["source"].iloc[0] == NEW:
        title = words("Most of what moves to {city} would not have moved otherwise", city=city)
    else:
        title = words("Most of what moves to {city} would have gone to {first} otherwise", city=city, first=labels[0])
    note = words(
        "Means of n = {n} paired replicates, {policy} against without; {shown} of {count} sources; intervals are in the "
        "table.",
        n=facts.replicates, policy=within(words, main), shown=len(top), count=len(gained),
    )  # fmt: skip
    alt = words("Investment by source, 1e8 yuan: {figures}.", figures="; ".join(told))
    shown = Bars(labels, ((words("Investment, 1e8 yuan"), amounts),))
    return Chart(title, shown, words("investment gained, 1e8 yuan"), alt, note, "sources")


def sources_table(words: Words, facts: Facts, main: Policy) -> Table:
    """Return the sources of investment and jobs with intervals."""
    rows = []
    for change, label in (("gained", "{place}"), ("lost", words("lost to: {place}", place="{place}"))):
        for source in ranked_sources(facts, main.arm, change)["source"].head(6 if change == "gained" else 3):
            money, jobs = (
                facts.quantity("sources", main.arm, change=change, source=source, measure=measure)
                for measure in ("investment", "jobs")
            )
            name = label.format(place=source_name(words, facts, source))
            rows.append((name, plain_cell(words, money), plain_cell(words, jobs)))
    columns = words("Source"), words("Investment, 1e8 yuan"), words("Jobs, persons")
    note = words("Mean of paired replicates (interval); in most replicates a single source may be zero.")
    return Table(words("From whom, and to whom"), columns, tuple(rows), note, "sources", (2.0, 1.5, 1.7))


def anyway(words: Words, facts: Facts) -> Section:
    """Return what would have come anyway, and which incentives were paid for it."""
    title = words("What would come anyway")
    if facts.main is None:
        return Section(title, (Text(words("No policy was compared.")),))
    blocks: list[Block] = [Text(but_for_sentence(words, facts.main), lead=True)]
    if facts.stored.table("windfall") is None:
        blocks.append(
            Text(words("What was paid to firms that would have come anyway was not stored (table windfall)."))
        )
        return Section(title, tuple(blocks))
    blocks += [Text(windfall_sentence(words, facts, facts.main)), anyway_table(words, facts)]
    return Section(title, tuple(blocks))


def windfall_sentence(words: Words, facts: Facts, policy: Policy) -> str:
    """Return how much of the incentives goes to firms that would have come anyway."""
    paid, wind = (facts.quantity("windfall", policy.arm, quantity=one) for one in (PAID, WINDFALL))
    held = {"city": facts.city(words), "policy": within(words, policy)}
    if not (paid and wind) or paid.mean <= _DUST:
        return words("With {policy} {city} pays no incentives in the period.", **held)
    return words(
        "With {policy} {city} pays {paid} of incentives, the usual package included; on average {share} of it goes to firms "
        "that would have come anyway.",
        paid=words.money_span(paid), share=words.percent(wind.mean / paid.mean), **held,
    )  # fmt: skip


def anyway_table(words: Words, facts: Facts) -> Table:
    """Return but-for shares, incentives and windfall by policy."""
    columns = (
        words("Policy"), words("Would not have come otherwise, % of investment"), words("Incentives paid, 1e8 yuan"),
        words("of it to firms that would have come anyway"),
    )  # fmt: skip
    rows = tuple(
        (
            title_of(words, one),
            signed_cell(words, one.but_for, POINTS),
            plain_cell(words, facts.quantity("windfall", one.arm, quantity=PAID)),
            plain_cell(words, facts.quantity("windfall", one.arm, quantity=WINDFALL)),
        )
        for one in facts.policies
    )
    note = words(
        "A negative share means that less comes with the policy than without. Windfall: incentives paid to a "
        "firm, times the "
        "share of its investment that would have come without the policy."
    )
    return Table(words("What would come anyway, and what was paid for it"), columns, rows, note, "windfall")
