"""What the parser of YAML complains of, in plain words. This module refuses to parse."""

from __future__ import annotations

import yaml

from relocsim.errors import Problem
from relocsim.spec.nodes import Mark, problem

_PLAIN_WORDS = {
    "mapping values are not allowed": ("a colon where none is expected", "quote text that contains ': '"),
    "could not find expected ':'": ("an entry without its colon", "write 'name: value'"),
    "did not find expected key": ("an entry that does not fit in here", "check indentation and closing quotes"),
    "did not find expected '-' indicator": ("an entry of a list without '-'", "check the indentation"),
    "expected <block end>": ("an entry that does not fit in here", "check the indentation"),
    "found unexpected end of stream": ("a quotation that is not closed", "close it"),
    "did not find expected ',' or ']'": ("a list in [ ] that is not closed or lacks a comma", "close it with ]"),
    "expected ',' or ']'": ("a list in [ ] that is not closed or lacks a comma", "close it with ]"),
    "did not find expected ',' or '}'": ("a mapping in { } that is not closed or lacks a comma", "close it with }"),
    "expected ',' or '}'": ("a mapping in { } that is not closed or lacks a comma", "close it with }"),
    "did not find expected node content": ("a value is missing, or a bracket is not closed", ""),
    "expected the node content": ("a value is missing, or a bracket is not closed", ""),
    "found undefined alias": ("anchors and aliases are not allowed", "write the entry out"),
    "found undefined tag handle": ("tags are not allowed", "quote text that begins with '!'"),
    "found incompatible YAML": ("directives such as %YAML are not allowed", ""),
}


def explain(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """Return the parser's complaint as a problem with a position."""
    found = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if found is None:
        return _unreadable_character(error, text, file)
    mark = Mark(file, found.line + 1, found.column + 1)
    lines = text.splitlines()
    line = lines[found.line] if found.line < len(lines) else ""
    if "\t" in line[: found.column + 1]:
        return problem(mark, "a tab is used where spaces are expected", hint="indent with spaces")
    complaint = str(getattr(error, "problem", "") or "")
    if "cannot start any token" in complaint:
        return problem(mark, f"text may not begin with {line[found.column : found.column + 1]!r}", hint="quote it")
    for part, (message, hint) in _PLAIN_WORDS.items():
        if part in complaint:
            return problem(mark, message, hint=hint)
    return problem(mark, f"cannot be read as YAML: {complaint or 'unexpected text'}")


def _unreadable_character(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """Return the problem of a control character, which the parser places by its offset."""
    offset = getattr(error, "position", None)
    if not isinstance(offset, int) or offset < 0:
        return Problem("cannot be read as YAML", file=file)
    before = text.encode("utf-8", "replace")[:offset].decode("utf-8", "ignore")
    mark = Mark(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    return problem(mark, "a control character, which text may not contain", hint="delete it")
