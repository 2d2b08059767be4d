"""Reactive charts of the page as ECharts options: pure functions of the tables that the printed charts draw.

`parts` holds what they share. Nothing here knows of sessions or of the page.
"""
