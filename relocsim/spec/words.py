"""Plain words for what is wrong: what was found, what was expected, what may have been meant.

Takes the complaints of pydantic and says them to the author of a file. This module refuses to decide what is wrong.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from relocsim.errors import Problem
from relocsim.spec.nodes import Node, Steps, problem

_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_LONGEST = 60
_FEW = 9


def found(node: Node | None) -> str:
    """Return what stands at an entry, in a few words."""
    value = node.value if node is not None else None
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str) else f"{value:.12g}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def near(word: object, known: Collection[str]) -> str:
    """Return `did you mean 'x'?` where a known word is near, else nothing."""
    matches = difflib.get_close_matches(str(word)[:_LONGEST], sorted(known), n=1, cutoff=0.6)
    return f"did you mean {str(matches[0])!r}?" if matches else ""


def unknown_keys(node: Node, steps: Steps, known: Collection[str], complaint: str = "unknown key") -> list[Problem]:
    """Return a problem for each key of a mapping that is not known."""
    listed = f"; expected one of {', '.join(known)}" if len(known) <= _FEW else ""
    return [
        problem(child.key or child.mark, f"{complaint} {key!r}{listed}", steps=(*steps, key), hint=near(key, known))
        for key, child in node.children.items()
        if key not in known
    ]


def _limit(sign: str, words: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda context: f"expected a number {words} {context[sign]:g}"


def _choice(context: Mapping[str, Any]) -> str:
    return f"expected {context['expected']}"


def _pattern(context: Mapping[str, Any]) -> str:
    if r"\." in context["pattern"]:
        return "expected an id of the form sector.component in lowercase letters, digits, - and _"
    return "expected an id in lowercase letters, digits, - and _, beginning with a letter"


def _at_least(context: Mapping[str, Any]) -> str:
    return f"expected at least {context['min_length']} entr{'y' if context['min_length'] == 1 else 'ies'}"


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "greater_than_equal": _limit("ge", "of at least"),
    "greater_than": _limit("gt", "above"),
    "less_than_equal": _limit("le", "of at most"),
    "less_than": _limit("lt", "below"),
    "literal_error": _choice,
    "enum": _choice,
    "string_pattern_mismatch": _pattern,
    "too_short": _at_least,
    "string_too_short": lambda context: "expected text that is not empty",
    "string_too_long": lambda context: f"expected text of at most {context['max_length']} characters",
    "value_error": lambda context: str(context["error"]),
}
_STARTS: dict[str, str] = {
    "float": "expected a number",
    "finite": "expected a finite number",
    "int": "expected a whole number",
    "bool": "expected true or false",
    "string": "expected text",
    "date": "expected a date such as 2009-12-26",
    "model": "expected a mapping",
    "dict": "expected a mapping",
    "tuple": "expected a list",
    "list": "expected a list",
}


def expected(error: Mapping[str, Any]) -> str:
    """Return what an error of pydantic expected."""
    kind = str(error["type"])
    if kind in _WORDS:
        return _WORDS[kind](error.get("ctx", {}))
    start = kind.split("_", 1)[0]
    return _STARTS.get(start, str(error["msg"]))


def _number_advice(text: str) -> str:
    """Return why a text is no number, where that is plain."""
    if _NUMBER.fullmatch(text):
        return "write it without quotes"
    return "write it without leading zeros" if re.fullmatch(r"[-+]?0[0-9.]+", text) else ""


def advice(error: Mapping[str, Any], node: Node) -> str:
    """Return what to do about it, where that is plain."""
    kind, value = str(error["type"]), node.value
    if kind in ("enum", "literal_error"):
        choices = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return near(value, choices) if isinstance(value, str) else ""
    if kind == "string_type" and value is not None and not isinstance(value, dict | list):
        return "put it in quotes"
    if kind.startswith(("float", "int")) and isinstance(value, str):
        return _number_advice(value)
    if kind == "bool_type" and isinstance(value, str) and value.lower() in ("yes", "on", "no", "off", "true", "false"):
        return f"write {str(value.lower() in ('yes', 'on', 'true')).lower()}"
    return ""
