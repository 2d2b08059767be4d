"""A second implementation of the model, to compare the fast one with: per agent, in plain Python.

Written from docs/model.md, not from the fast code. It shares with it what is given to both (the specification, the
streams of draws, the network's access, the policies and their levers, the synthesised population) and works out all the
rest anew, with floats, lists and loops: one `FirmAgent` a firm, one `CityAgent` a place, in a Mesa model. What is the
same for all firms of a segment (origin, sector, class) is worked out once a quarter, and only firms under review are
asked. Draws are read in bulk, since one Philox call a firm would be timed instead of the model.
"""

from reference.model import ReferenceModel

__all__ = ["ReferenceModel"]
