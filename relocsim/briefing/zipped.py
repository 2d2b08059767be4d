"""Office files with the same bytes every time: the dates that zip archives and their properties carry are set to one day."""

from __future__ import annotations

import io
import re
import zipfile

_DAY = (2000, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def timeless(content: bytes) -> bytes:
    """Return an archive with its entries' dates fixed, those in its properties and in workbooks inside it too."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as fixed:
        for entry in given.infolist():
            held = zipfile.ZipInfo(entry.filename, _DAY)
            held.compress_type, held.external_attr, held.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            fixed.writestr(held, _part(entry.filename, given.read(entry)))
    return out.getvalue()


def _part(name: str, content: bytes) -> bytes:
    if name.endswith(".xlsx"):
        return timeless(content)
    if name.endswith("docProps/core.xml"):
        return _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", content)
    return content
