"""A world of one's own: a template that runs at once, every figure of the new city assumed by a rule that it states."""
