"""Speed, memory and variance, as ratios in one run: `python -m benchmarks`."""
