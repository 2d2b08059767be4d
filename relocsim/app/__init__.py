"""The planner's page: move a lever, see who comes. Served on this machine; no request leaves it.

Thin: pages built of what `relocsim.whatif`, `relocsim.answers`, `relocsim.report` and `relocsim.briefing` give.
Refuses to simulate, and to say what those do not say.
"""
