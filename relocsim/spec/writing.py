"""Plain values as the text of a file that reads back as the same values.

Numbers in full form and lists stand on one line each; text that the rules of this project would read as a number or a
truth value is quoted. This module refuses to write to disk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from relocsim.spec.nodes import Plain
from relocsim.spec.scalars import resolve

WIDTH = 120


class _Text(yaml.SafeDumper):
    """Block mappings, with one line for what is a quantity or a list."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never write an anchor: the reader refuses them."""
        return True


def file_text(content: Mapping[str, Plain], comment: str = "") -> str:
    """Return the text of a file.

    Parameters
    ----------
    content
        Its entries.
    comment
        Lines of comment before them, without `#`.
    """
    head = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    return head + yaml.dump(
        dict(content), Dumper=_Text, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )


def is_plain_text(text: str) -> bool:
    """Whether an unquoted word stays the text that it is."""
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = None if is_plain_text(value) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _mapping(dumper: yaml.SafeDumper, value: dict[str, Plain]) -> yaml.Node:
    flow = "value" in value or not value
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=flow)


def _list(dumper: yaml.SafeDumper, value: list[Plain]) -> yaml.Node:
    flow = not any(isinstance(item, dict) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return what the writer takes for other than text: dates and words such as `on` are text here, and need no quotes."""
    dropped = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    known = yaml.SafeDumper.yaml_implicit_resolvers
    return {first: [one for one in some if one[0] not in dropped] for first, some in known.items()}


_Text.yaml_implicit_resolvers = _resolvers()
_Text.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))
_Text.add_representer(str, _string)
_Text.add_representer(dict, _mapping)
_Text.add_representer(list, _list)
