"""Answers for people: tables, sentences, charts, explanations, and the files that hold them.

This package refuses to compute anything of the model itself: what it shows comes from the model, the phases and the batch.
"""
