"""The tab "Why": a question a module with `panel(desk)`, listed in `panel.QUESTIONS`.

`desk` is what they share of the session, `parts` what they are built of; modules ending in `told` say in words what
is shown.
"""
