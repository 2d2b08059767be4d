"""Calibration: which values of uncertain inputs go with what was observed, and which the observations leave open."""
