"""The tab "Results of batches": what batches left in folders, read as it is, filtered, compared, charted.

`panel` puts the cards together; `found`, `read`, `compared`, `figures` read files and know nothing of the page.
"""
