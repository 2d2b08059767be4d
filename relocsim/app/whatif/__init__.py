"""The tab "What if": levers, how a what-if is played, what it does, what is kept, what goes out and comes in.

`panel` puts the cards together; `texts` and modules ending in `told` say in words what is shown,
and know nothing of the page.
"""
