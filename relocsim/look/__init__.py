"""The modeller's view: Mesa's SolaraViz on `RelocationModel`, stepped quarter by quarter (extra `viz`).

What is drawn (`pictures`), told of a firm (`firms`) and set (`looked`) knows nothing of Solara; `page` puts it on Mesa's
page and `server` serves that to this machine alone.
"""
