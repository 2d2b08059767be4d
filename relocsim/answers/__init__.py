"""Answers: what the metrics say of finished models, over replicates, as tidy tables.

`relocsim.metrics` computes, this package plays and reads. It refuses to print and to draw.
"""
