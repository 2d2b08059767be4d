"""Run every benchmark in turn: `python -m benchmarks` (about ten minutes); `--quick` for smaller sizes."""

from __future__ import annotations

import argparse
import subprocess
import sys

FULL = {
    "stepping": ["--firms", "20000"],
    "per_agent": ["--firms", "100000"],
    "common_random_numbers": ["--replicates", "60"],
    "memory": ["--firms", "1000000"],
    "scaling": [],
    "startup": [],
    "batches": [],
    "estimating": [],
    "first_answer": [],
}
QUICK = {
    "stepping": ["--firms", "5000", "--runs", "2"],
    "per_agent": ["--firms", "5000", "--quarters", "2"],
    "common_random_numbers": ["--replicates", "4"],
    "memory": ["--firms", "20000"],
    "scaling": ["--firms", "1000", "4000", "--places", "10", "60", "--quarters", "2", "--runs", "1"],
    "startup": [],
    "batches": ["--runs", "80", "--real", "8"],
    "estimating": ["--choosers", "1000", "--runs", "2"],
    "first_answer": ["--firms", "1000"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, about a minute")
    options = parser.parse_args()
    for name, arguments in (QUICK if options.quick else FULL).items():
        print(f"== {name} {' '.join(arguments)}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=True)


if __name__ == "__main__":
    main()
