"""Sensitivity: which inputs an effect depends on, and whether the ranking of policies stands under all of them."""
