"""What a browser sends becomes text, or an error in words. What is in the text is for the one door of files to read."""

from __future__ import annotations

from pathlib import PurePath

from relocsim.errors import RelocsimError
from relocsim.language import Words

LARGEST = 256 * 1024
"""Bytes of a scenario file; the largest that is shipped has a tenth of that."""
SUFFIXES = (".yaml", ".yml")


class UploadError(RelocsimError):
    """What was sent is no scenario file."""


def text_of(name: str, content: bytes, words: Words) -> str:
    """Return the text of a file that was sent; UploadError in words where it cannot be one of a scenario."""
    shown = safe_name(name)
    if PurePath(shown).suffix.lower() not in SUFFIXES:
        raise UploadError(words("{file} is no scenario file: its name should end in .yaml.", file=shown))
    if len(content) > LARGEST:
        raise UploadError(
            words("{file} has more than {size} KB, which no scenario needs.", file=shown, size=LARGEST // 1024)
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UploadError(
            words("{file} is not text in UTF-8: save it as UTF-8 and send it again.", file=shown)
        ) from None
    if "\0" in text:
        raise UploadError(words("{file} is not text in UTF-8: save it as UTF-8 and send it again.", file=shown))
    return text


def safe_name(name: str) -> str:
    """Return the last part of a name, without marks that no file of ours has, not too long."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '/<>:"|?*')
    return kept[-80:] or "file"
