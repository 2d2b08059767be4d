"""Charts, one function a question: from tidy tables a matplotlib figure, whose title states the finding. No file is touched.

`comparison` and `time`, `effects`, `map`: what policies change, when, and where firms go. `package`, `switchers`,
`costs`, `delivery`: what a package is made of and costs, from whom firms come, what places cost, what becomes of signings.
`design`, `sensitivity`, `calibration`: many runs on one sheet. `catalogue` knows them all, `sources` and `stored` get
their tables, `writing` puts them into a folder.
"""
