"""Formats of briefings, and what each needs installed. The libraries are imported by who writes, not before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec

from relocsim.briefing.blocks import Briefing
from relocsim.errors import RelocsimError

FORMATS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "html": ("relocsim.briefing.page", "write_page", ("jinja2",)),
    "pdf": ("relocsim.briefing.document", "write_document", ("typst",)),
    "pptx": ("relocsim.briefing.slides", "write_slides", ("pptx",)),
    "docx": ("relocsim.briefing.texts", "write_texts", ("docx",)),
}
"""Module, function and libraries of each format by the ending of its files."""


class WriterError(RelocsimError):
    """A format is not known, or a library that it needs is not installed."""


def writer(form: str) -> Callable[[Briefing], bytes]:
    """Return what writes a format."""
    module, function, _ = FORMATS[form]
    write: Callable[[Briefing], bytes] = getattr(import_module(module), function)
    return write


def require(forms: Sequence[str]) -> None:
    """Raise WriterError where a format is not known or lacks a library."""
    unknown = [form for form in forms if form not in FORMATS]
    if unknown:
        raise WriterError(f"format {', '.join(map(repr, unknown))} is not known: choose among {', '.join(FORMATS)}")
    lacking = [name for form in forms for name in FORMATS[form][2] if find_spec(name) is None]
    if lacking:
        raise WriterError(
            f"{', '.join(dict.fromkeys(lacking))} is not installed, which a briefing as {', '.join(forms)} needs: "
            "pip install 'relocsim[brief]'"
        )
