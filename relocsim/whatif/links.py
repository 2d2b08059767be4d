"""A what-if as a text that fits a link, and back: compressed, of letters that need no quoting.

What comes in is bounded before it unfolds and checked entry by entry. This module refuses to know where a link leads.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from relocsim.errors import Problem, SpecError
from relocsim.whatif.whatif import Setting, WhatIf

VERSION = "1"
"""First letter of a packed what-if."""
LONGEST = 16_000
"""Letters of a packed what-if at most."""
LARGEST = 400_000
"""Bytes that it may unfold to."""
_HINT = "copy the whole link again"


def pack(whatif: WhatIf) -> str:
    """Return a what-if as letters, digits, `-` and `_`; SpecError where it is too large for a link."""
    packed = base64.urlsafe_b64encode(zlib.compress(whatif.text.encode(), 9)).decode().rstrip("=")
    if len(packed) >= LONGEST or len(whatif.text) > LARGEST:
        raise SpecError([Problem("the what-if is too large for a link", hint="hand on its file instead")])
    return VERSION + packed


def unpack(text: str) -> WhatIf:
    """Return the what-if that was packed; SpecError where the text is none, or unfolds to too much."""
    if len(text) > LONGEST:
        raise _refusal(f"the link is longer than {LONGEST:,} letters")
    if text[:1] != VERSION:
        raise _refusal("the link was not made by this version of relocsim")
    try:
        content = json.loads(_unfolded(text[1:]), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _refusal("the link is damaged") from None
    return _whatif(content)


def _unfolded(text: str) -> bytes:
    """Return what was compressed; ValueError where it is damaged, SpecError where it is too much."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        stream = zlib.decompressobj()
        unfolded = stream.decompress(packed, LARGEST)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(str(error)) from None
    if stream.unconsumed_tail:
        raise _refusal(f"the link unfolds to more than {LARGEST:,} bytes")
    if not stream.eof or stream.unused_data:
        raise ValueError("cut off, or followed by something else")
    return unfolded


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _whatif(content: Any) -> WhatIf:
    if not isinstance(content, list) or len(content) != 3:
        raise _refusal("the link is damaged")
    case, name, settings = content
    if not isinstance(case, str) or not isinstance(name, str) or not isinstance(settings, list):
        raise _refusal("the link is damaged")
    if not all(isinstance(one, list) and len(one) in (2, 3) for one in settings):
        raise _refusal("the link is damaged")
    return WhatIf(case, name, tuple(Setting(*one) for one in settings))


def _refusal(message: str) -> SpecError:
    return SpecError([Problem(message, path="link", hint=_HINT)])
