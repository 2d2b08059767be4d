"""Building the library of compiled kernels, where there is a C compiler: `python relocsim/kernels/building.py`.

The build hook of the package does so at installation. Needs the standard library only, and imports nothing of relocsim: the
hook reads it by its path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LIBRARY = "kernels.so"
# no contraction of a * b + c into one rounding: bits must be those of numpy
_FLAGS = ("-O3", "-std=c11", "-fPIC", "-shared", "-fno-math-errno", "-ffp-contract=off")


def sources() -> list[Path]:
    """Return the C files and what they include, by name."""
    return sorted(HERE.glob("*.[ch]"))


def digest() -> str:
    """Return the digest of the C files, by which a library tells of which it is made."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources())).hexdigest()[:16]


def build(folder: Path = HERE) -> Path | None:
    """Build the library into `folder` and return its path; none, and nothing is left, where it cannot be built."""
    compiler = os.environ.get("CC", "cc")
    if shutil.which(compiler) is None:
        return None
    with tempfile.TemporaryDirectory() as room:
        made = Path(room) / LIBRARY
        files = [str(path) for path in sources() if path.suffix == ".c"]
        command = [compiler, *_FLAGS, f'-DSOURCES="{digest()}"', *files, "-o", str(made), "-lm"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        except (OSError, subprocess.SubprocessError):
            return None
        if done.returncode:
            return None
        target = folder / LIBRARY
        partial = folder / f".{LIBRARY}.{os.getpid()}"
        shutil.copy(made, partial)
        partial.replace(target)  # at once: processes that have the old one open keep it
        return target


if __name__ == "__main__":
    sys.exit(0 if build() else "the kernels cannot be built here: is there a C compiler?")
