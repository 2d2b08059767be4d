"""A validation in words and Markdown: every figure beside the model, misses as plain as hits. Refuses to play, to print."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relocsim.report.foretelling import foretold_section
from relocsim.report.markdown import between, lines_of, quantity, records
from relocsim.report.splits import split_section, split_sentences
from relocsim.report.terms import capital
from relocsim.report.wording import listed, percent
from relocsim.validation.comparing import INSIDE, NEAR, OUTSIDE, WIDE
from relocsim.validation.simple import MODEL, SIZE
from relocsim.validation.skill import GROWTH, PER_SIZE, RANK, adds_to_size

TABLES = ("figures", "predictions", "skill", "foretold", "splits")
"""Tables of a validation."""
_SAID = {
    "better": "adds to size",
    "worse": "does worse than size alone",
    "not told apart": "cannot be told from size alone",
}


def tally(figures: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return how many comparisons lie inside, outside, or are too wide to tell, by use."""
    judged = figures[figures["verdict"].isin([INSIDE, NEAR, OUTSIDE, WIDE])]
    return {
        use: {said: int((part["verdict"] == said).sum()) for said in (INSIDE, NEAR, OUTSIDE, WIDE)}
        for use, part in judged.groupby("use")
    }


def tally_sentence(figures: pd.DataFrame) -> str:
    """Return the tally in words."""
    words = {"validate": "figures that nothing was set from", "calibrate": "figures that something was set from"}
    parts = []
    for use, counts in tally(figures).items():
        more = "".join(f", {counts[said]} {said}" for said in (NEAR, WIDE) if counts[said])
        parts.append(f"of {sum(counts.values())} {words.get(use, use)} {counts[INSIDE]} lie inside{more}")
    silent = int((figures["comparison"] == "").sum())
    return f"{'; '.join(reversed(parts))}; about {silent} the model is silent"


def skill_sentences(skill: pd.DataFrame) -> list[str]:
    """Return what the model adds to size alone in foreign investment, case by case."""
    found: list[str] = []
    if skill.empty:
        return found
    for case, table in skill.groupby("case"):
        parts = []
        for measure, what in ((RANK, "ranks"), (PER_SIZE, "investment per GDP"), (GROWTH, "growth of shares")):
            value = {row["predictor"]: row["value"] for row in table[table["measure"] == measure].to_dict("records")}
            said = _SAID[adds_to_size(table, measure)]
            size = f"size {value[SIZE]:.2f}" if value[SIZE] == value[SIZE] else "size says nothing"
            parts.append(f"{what} {value[MODEL]:.2f} ({size}: {said})")
        cities = int(table["cities"].iloc[0])
        found.append(f"{str(case).capitalize()}, {cities} cities, correlation with foreign investment: {listed(parts)}")
    return found


def page(tables: Mapping[str, pd.DataFrame], about: Mapping[str, object]) -> str:
    """Return the page of a validation as Markdown, from its tables and its manifest."""
    figures = tables["figures"].fillna(
        {"reason": "", "verdict": "", "comparison": "", "case": "", "what": "", "unit": ""}
    )
    compared = figures[figures["case"].ne("patterns") & figures["comparison"].ne("")]
    patterns, silent = figures[figures["case"] == "patterns"], figures[figures["comparison"] == ""]
    lines = [
        "# Validation: what was published, and what the model shows",
        "",
        f"Made by `relocsim validate experiments/validation/plan.yaml{_options(about)} --out results/validation",
        f"--page docs/validation.md` ({about['replicates']} replicates a case: draws of all ranged inputs and luck).",
        "Every figure of `scenarios/evidence` stands here: compared, found among the patterns, or with the reason why",
        "the model is silent.",
        "Inside: the figure lies in the 95 % interval of replicates; only with its error: the interval meets the figure",
        "with its tolerance (1.96 of its deviations either side) and not the figure itself.",
        "Set from: whether a number of the model was set from the figure, so that agreement is no test.",
        "",
        f"**{_first_up(tally_sentence(figures))}.**",
        "",
        *(f"- {one}." for one in skill_sentences(tables["skill"])),
        *(f"- {one}." for one in split_sentences(tables["splits"])),
        "",
        "## Figures read off runs",
        "",
        *lines_of(
            (
                "figure",
                "published",
                "with tolerance",
                "model: median",
                "95 % of replicates",
                "set from",
                "verdict",
                "mind",
            ),
            (_compared(row) for row in records(compared)),
        ),
        "",
        "## Published estimates, beside what the patterns' tests found",
        "",
        "Means over draws of inputs, from [patterns.md](patterns.md). Without a band the sign or the order is meant.",
        "",
        *lines_of(
            ("estimate", "accepted", "model: mean", "draws", "set from", "verdict", "source"),
            (_pattern(row) for row in records(patterns)),
        ),
        "",
        "## Simple models on the same held-out figures",
        "",
        "Foreign investment actually used in 2010, by city, which nothing was set from; predictors know 2009 and before,",
        "and none has a coefficient fitted to it. `gain`: difference to size alone, 95 % of resamples of cities. The model",
        "counts manufacturers that leave nineteen coastal cities, foreign investment all sectors and all sources.",
        "",
        *lines_of(
            ("case", "measure", "predictor", "value", "95 %", "gain on size"),
            (_skill(row) for row in records(tables["skill"])),
        ),
        "",
        *split_section(tables["splits"]),
        *foretold_section(tables["foretold"], tables["predictions"], about.get("backcast")),
        "## About which the model is silent",
        "",
        *lines_of(
            ("figure", "place", "published", "use", "why"),
            (_silent(row) for row in records(silent)),
        ),
        "",
    ]
    return "\n".join(lines)


def _options(about: Mapping[str, object]) -> str:
    return "".join(f" --{name} {about[name]}" for name in ("posterior", "backcast") if about.get(name))


def _compared(row: Mapping[str, object]) -> tuple[str, ...]:
    unit = f" {row['unit']}" if row["unit"] not in ("", "ratio") else ""
    readable = float(str(row["readable"]))
    rarely = f"; in {percent(readable)} of replicates there was something to read" if readable < 1 else ""
    return (
        f"{row['place']}: {row['what']} (`{row['comparison']}`)",
        f"{quantity(row['value'])}{unit}",
        between(row["value_low"], row["value_high"]),
        quantity(row["median"]),
        between(row["low"], row["high"]),
        "yes" if row["use"] == "calibrate" else "no",
        f"**{row['verdict']}**" if row["verdict"] == OUTSIDE else str(row["verdict"]),
        f"{row['reason']}{rarely}",
    )


def _pattern(row: Mapping[str, object]) -> tuple[str, ...]:
    return (
        f"{row['what']} ({row['comparison']})",
        between(row["value_low"], row["value_high"]),
        quantity(row["median"]),
        between(row["low"], row["high"]),
        "yes" if row["use"] == "calibrate" else "no",
        f"**{row['verdict']}**" if row["verdict"] == OUTSIDE else str(row["verdict"] or "see the pattern"),
        f"{row['source']} ({row['seen']})",
    )


def _skill(row: Mapping[str, object]) -> tuple[str, ...]:
    same = row["predictor"] == SIZE
    return (
        str(row["case"]),
        str(row["measure"]),
        str(row["predictor"]),
        quantity(row["value"]),
        between(row["low"], row["high"]),
        "" if same else between(row["gain_low"], row["gain_high"]),
    )


def _silent(row: Mapping[str, object]) -> tuple[str, ...]:
    value = quantity(row["value"])
    told = f": {value} {row['unit']}" if value != "-" else ""
    return (f"{row['what']}{told}", str(row["place"]), str(row["source"]), str(row["use"]), str(row["reason"]))


def _first_up(text: str) -> str:
    return capital(text)
