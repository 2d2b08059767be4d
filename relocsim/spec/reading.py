"""Text becomes a tree of entries with positions, or one readable problem for each thing wrong.

The parser's events are turned into a tree one by one, without recursion and with a limit on depth. Anchors, aliases,
merge keys and tags are refused outright, so that a small file cannot grow into a large one. This module refuses to know
what an entry means.
"""

from __future__ import annotations

import stat
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from relocsim.errors import Problem, SpecError
from relocsim.spec.nodes import Mark, Node, problem
from relocsim.spec.scalars import resolve
from relocsim.spec.syntax import explain

MAX_BYTES = 20_000_000
MAX_DEPTH = 40
KEPT = 32
"""Files whose trees are kept: a world and its scenarios are about eight, Chenzhou's less than 5 MB together."""
_STANDARD_TAG = "tag:yaml.org,2002:"
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_file(path: str | Path) -> Node:
    """Return what a file says; SpecError if it cannot be read or is not sound YAML.

    The file is read each time, but a text that was parsed not long ago is not parsed again (nobody writes to a tree): the
    levels of a plan, each checked by loading its scenario, have their world parsed once.
    """
    return _parsed(_decoded(_bytes(Path(path)), str(path)), str(path))


def read_text(text: str, file: str = "") -> Node:
    """Return what a text says; `file` is the name that problems carry."""
    return _Tree(file, text).build()


_parsed = lru_cache(maxsize=KEPT)(read_text)


def _bytes(path: Path) -> bytes:
    """Return a file's content, or say in one sentence why it cannot be had."""
    file = str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _refusal(file, "expected a file, found a directory")
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(file, "expected an ordinary file, found a device or a pipe")
        if status.st_size > MAX_BYTES:
            raise _refusal(file, f"the file has {status.st_size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} are read")
        return path.read_bytes()
    except FileNotFoundError:
        raise _refusal(file, "there is no such file") from None
    except PermissionError:
        raise _refusal(file, "no permission to read the file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(file, f"cannot read the file: {reason}") from None


def _refusal(file: str, message: str) -> SpecError:
    return SpecError([Problem(message, file=file)])


def _decoded(content: bytes, file: str) -> str:
    """Return the text of a UTF-8 file."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        mark = Mark(file, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        message = f"expected text in UTF-8, found the byte 0x{content[error.start]:02x}"
        raise SpecError([problem(mark, message, hint="save the file as UTF-8")]) from None


class _Tree:
    """Builds the tree of one text, event by event."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._problems: list[Problem] = []
        self._root: Node | None = None
        self._open: list[Node] = []
        """Mappings and lists that are not yet closed, outermost first."""
        self._keys: list[tuple[str, Mark] | None] = []
        """For each of them the key that waits for its value."""
        self._documents = 0

    def build(self) -> Node:
        """Return the root; SpecError with everything wrong."""
        try:
            for event in yaml.parse(self._text, Loader=_PARSER):
                self._take(event)
        except yaml.YAMLError as error:
            self._problems.append(explain(error, self._text, self._file))
        except UnicodeEncodeError:
            self._problems.append(Problem("expected text in UTF-8", file=self._file))
        except _StopReadingError:
            pass
        if not self._problems and self._root is None:
            self._problems.append(Problem("there is nothing in the file", file=self._file))
        if self._problems or self._root is None:
            raise SpecError(self._problems)
        return self._root

    def _take(self, event: Any) -> None:
        """Take one event of the parser."""
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event)
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_extras(event)
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._report(event, "anchors and aliases are not allowed", "write the entry out")
            self._place(Node(None, self._mark(event)))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def _document(self, event: Any) -> None:
        """Take the start of a document: there is one, without directives."""
        self._documents += 1
        if self._documents > 1:
            self._stop(event, "expected one document, found a second one after '---'")
        if event.version or event.tags:
            self._report(event, "directives such as %YAML are not allowed")

    def _refuse_extras(self, event: Any) -> None:
        """Refuse anchors and tags."""
        if event.anchor is not None:
            self._report(event, "anchors and aliases are not allowed", "write the entry out")
        if event.tag is not None:
            tag = event.tag.replace(_STANDARD_TAG, "!!")
            self._report(event, f"tags such as {tag} are not allowed", "write the value alone")

    def _begin(self, event: Any) -> None:
        """Open a mapping or a list."""
        if len(self._open) >= MAX_DEPTH:
            self._stop(event, f"entries are nested deeper than {MAX_DEPTH} levels")
        node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], self._mark(event))
        self._place(node)
        self._open.append(node)
        self._keys.append(None)

    def _scalar(self, event: Any) -> None:
        """Take a key or a value."""
        if self._awaits_key():
            self._key(event)
            return
        value: Any = event.value
        if not event.style and event.implicit[0]:
            try:
                value = resolve(event.value)
            except ValueError as error:
                self._report(event, str(error))
        self._place(Node(value, self._mark(event)))

    def _key(self, event: Any) -> None:
        """Take a key: always text, named once, and never a merge."""
        key, mark = event.value, self._mark(event)
        if not key:
            self._report(event, "expected the name of an entry before ':'")
        elif key == "<<" and not event.style:
            self._report(event, "merge keys (<<) are not allowed", "write the entries out")
        elif key in self._open[-1].children:
            first = self._open[-1].children[key].key
            where = f"line {first.line}, column {first.column}" if first else "an earlier line"
            self._report(event, f"'{key[:80]}' is given twice: here and at {where}", "keep one of the two")
        self._keys[-1] = (key, mark)

    def _place(self, node: Node) -> None:
        """Put an entry where it belongs: at the root, into a list, or under the key that waits."""
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
            return
        if self._keys[-1] is None:
            self._stop_at(node.mark, "expected a name before ':', found a list or a mapping")
        key, node.key = self._keys[-1]  # type: ignore[misc]
        self._keys[-1] = None
        parent.children.setdefault(key, node)

    def _awaits_key(self) -> bool:
        """Whether the next scalar names an entry of a mapping."""
        return bool(self._open) and self._keys[-1] is None and isinstance(self._open[-1].value, dict)

    def _mark(self, event: Any) -> Mark:
        return Mark(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _report(self, event: Any, message: str, hint: str = "") -> None:
        self._problems.append(problem(self._mark(event), message, hint=hint))

    def _stop(self, event: Any, message: str) -> None:
        self._stop_at(self._mark(event), message)

    def _stop_at(self, mark: Mark, message: str) -> None:
        """Report something after which the rest cannot be read."""
        self._problems.append(problem(mark, message))
        raise _StopReadingError


class _StopReadingError(Exception):
    """The rest of a text cannot be read; what is wrong has been noted."""
