"""Choice coefficients from a table of observed choices: conditional and nested logit, and what a scenario makes of them.

`estimating` is the way in; `table` and `tablechecks` read and judge a table, `design` and `sampling` make arrays of it,
`likelihood` and `fitting` find the coefficients, `covariance`, `nesttests` and `shares` tell what they are worth and mean,
`parameterfile` hands them to scenarios, `simulated` makes a table of the choices of a run. Nothing here prints.
"""
