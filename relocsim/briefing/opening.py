"""The question, and the answer in one sentence."""

from __future__ import annotations

from relocsim.briefing.blocks import Block, Points, Section, Text
from relocsim.briefing.facts import Facts, Policy
from relocsim.briefing.rules import (
    POINTS,
    Sign,
    absolute,
    effect_sentence,
    few,
    interval_of,
    joined,
    sign_of,
    slight,
    title_of,
    within,
)  # fmt: skip
from relocsim.language import Words, message

_ALONE = {
    (Sign.MORE, False): message("Each by itself, {policies}: the capture rate rises."),
    (Sign.MORE, True): message("Each by itself, {policies}: the capture rate seems to rise."),
    (Sign.LESS, False): message("Each by itself, {policies}: the capture rate falls."),
    (Sign.LESS, True): message("Each by itself, {policies}: the capture rate seems to fall."),
    (Sign.UNCLEAR, False): message("Each by itself, {policies}: whether the capture rate changes cannot be told."),
    (Sign.UNCLEAR, True): message("Each by itself, {policies}: whether the capture rate changes cannot be told yet."),
    (Sign.NONE, False): message("Each by itself, {policies}: no change worth the name in any replicate."),
    (Sign.NONE, True): message("Each by itself, {policies}: no change worth the name in any replicate so far."),
}
"""By sign and whether replicates are few."""


def opening(words: Words, facts: Facts) -> Section:
    """Return the question, the answer and what stands behind it."""
    return Section(words("The question and the answer"), tuple(_blocks(words, facts)))


def _blocks(words: Words, facts: Facts) -> list[Block]:
    found: list[Block] = [Text(question(words, facts)), Text(answer(words, facts), lead=True)]
    points = [baseline_sentence(words, facts), *findings(words, facts)]
    return [*found, Points(tuple(points)), Text(replicates_sentence(words, facts), detail=True)]


def question(words: Words, facts: Facts) -> str:
    """Return the question of the scenario in this language, or one made from what was compared."""
    held = facts.manifest
    own = held.get("question_zh") if words.code == "zh" else held.get("question")
    if own:
        return str(own)
    titles = words.first([within(words, one) for one in facts.policies if one.kind != "together"])
    period = {"start": held["start"], "end": held["end"], "city": facts.city(words)}
    if not titles:
        return words("What does {city} capture of relocating industry from {start} to {end}?", **period)
    return words(
        "What do {policies} each add to {city}'s capture of relocating industry from {start} to {end}?",
        policies=words.listed(titles), **period,
    )  # fmt: skip


def answer(words: Words, facts: Facts) -> str:
    """Return the answer in one sentence, with its interval."""
    if facts.main is None:
        return baseline_sentence(words, facts)
    return effect_sentence(words, facts.main, facts.city(words))


def baseline_sentence(words: Words, facts: Facts) -> str:
    """Return what the city captures in the scenario as written."""
    rate = facts.baseline
    return words(
        "In the scenario as written {city} captures {share} % of the investment that leaves the studied origins and is "
        "placed elsewhere ({interval}).",
        city=facts.city(words), share=words.span(rate, POINTS, sign=False), interval=interval_of(words, rate),
    )  # fmt: skip


def findings(words: Words, facts: Facts) -> list[str]:
    """Return what else the first page says: which policies alone, what it costs, what would come anyway."""
    alone = [one for one in facts.policies if one is not facts.main or one.kind != "together"]
    found = [alone_sentence(words, alone)] if len(alone) > 1 or facts.main not in alone else []
    if facts.main is not None:
        found += [cost_sentence(words, facts, facts.main), but_for_sentence(words, facts.main)]
    return [text for text in found if text]


def alone_sentence(words: Words, policies: list[Policy]) -> str:
    """Return which policies raise, lower, or cannot be told to change the capture rate, each by itself."""
    groups: dict[Sign, list[str]] = {sign: [] for sign in Sign}
    for one in policies:
        groups[Sign.NONE if slight(one.rate) else sign_of(one.rate)].append(within(words, one))
    unsure = any(few(one.rate) for one in policies)
    texts = [words(_ALONE[sign, unsure], policies=words.listed(held)) for sign, held in groups.items() if held]
    return joined(words, *texts)


def cost_sentence(words: Words, facts: Facts, policy: Policy) -> str:
    """Return what a policy costs, and what it leaves in the treasury; each only as far as its interval allows."""
    cost = facts.quantity("fiscal", policy.arm, quantity="cost")
    held, parts = {"policy": title_of(words, policy), "city": facts.city(words)}, []
    if cost is not None and sign_of(cost) is Sign.MORE:
        told = words("{policy}: the public cost is {money}.", money=words.money_span(cost), **held)
        parts.append(told)
    elif cost is not None and sign_of(cost) is Sign.UNCLEAR:
        parts.append(words("{policy}: whether it costs or saves public money cannot be told.", **held))
    sign = sign_of(policy.treasury)
    money = words.money_span(absolute(policy.treasury))
    if sign is Sign.UNCLEAR:
        parts.append(words("Whether it pays for {city}'s treasury within the period cannot be told.", **held))
    elif sign is Sign.MORE:
        parts.append(words("{city}'s treasury ends {money} better off.", money=money, city=held["city"]))
    elif sign is Sign.LESS:
        parts.append(words("{city}'s treasury ends {money} worse off.", money=money, city=held["city"]))
    return joined(words, *parts)


def but_for_sentence(words: Words, policy: Policy) -> str:
    """Return how much of the investment that comes would not have come otherwise, where that can be told."""
    share, title = policy.but_for, within(words, policy)
    sign = sign_of(share)
    if sign is Sign.MORE:
        return words(
            "Of the investment that comes with {policy}, {share} % would not have come otherwise.",
            share=words.span(share, POINTS, sign=False), policy=title,
        )  # fmt: skip
    if sign is Sign.NONE:
        return words("All of the investment that comes with {policy} would have come anyway.", policy=title)
    if sign is Sign.LESS:
        return words("With {policy} less investment comes than without.", policy=title)
    return words(
        "How much of the investment that comes with {policy} would have come anyway cannot be told: the interval of the "
        "share that would not have come includes zero.",
        policy=title,
    )


def replicates_sentence(words: Words, facts: Facts) -> str:
    """Return what the intervals are and what they leave out."""
    count = facts.replicates
    if not few(facts.baseline):
        return words(
            "Intervals cover 95 % of {n} paired replicates, each with every uncertain input drawn anew and new luck, the "
            "same with and without a policy.",
            n=count,
        )
    if count == 1:
        return words("There is one replicate only, and with it no interval: no effect can be told from luck.")
    coverage = words.percent((count - 1) / (count + 1))
    return words(
        "With {n} paired replicates an interval is their whole range, expected to cover a further one with "
        "{coverage}; 39 or "
        "more give 95 %. Each draws every uncertain input anew and new luck, the same with and without a policy.",
        n=count, coverage=coverage,
    )  # fmt: skip
