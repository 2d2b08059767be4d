"""Time from typing `relocsim --help` to its answer, and of `import relocsim`: `python -m benchmarks.startup`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def timed(arguments: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    for arguments in (["-c", "pass"], ["-c", "import relocsim"], ["-m", "relocsim", "--help"]):
        timed(arguments)
        times = [timed(arguments) for _ in range(5)]
        print(f"python {' '.join(arguments)}: median {statistics.median(times):.2f} s")


if __name__ == "__main__":
    main()
