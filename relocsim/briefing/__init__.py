"""Briefings: the story of a comparison for those who decide, in English and Chinese, as page, document and slides.

`stored` reads what `relocsim compare --out` left, `facts` turns tables into figures, `story` and its sections say them by
rules as plain blocks (`blocks`), and one writer a format puts the blocks on paper without knowing what they are about.
"""
