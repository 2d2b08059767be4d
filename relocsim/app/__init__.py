"""The planner's page: move a lever, see who comes. Served on this machine; no request leaves it.

Thin: pages built of what `relocsim.whatif`, `relocsim.answers`, `relocsim.report` and `relocsim.briefing` give.
Refuses to simulate, and to say what those do not say.

Where to look: `server` serves, `security` guards, `shell` draws what is around tabs. A `session` is one tab of a browser:
`playing` plays its what-if, `keeping` keeps others beside it, `address` is how they are written in the address, `listening`
tells panels of changes. Each tab of the page is a package with a module `panel` (`whatif`, `why`, `batch`); `charts` are
ECharts options, pure functions of tables; `theme` is how all of it looks.
"""
