"""From a specification to answers: one run, and comparisons of arms over replicates."""
