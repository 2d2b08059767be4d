"""What-ifs without pages: a case and what is changed in it, as specification, file, link; and how it is played.

What is laid over a case goes through the one door of `relocsim.spec`, so that a what-if, its file and its link mean the
same; while somebody waits, a crew of warm processes plays it and its answer narrows. This package refuses to know pages.
"""

from relocsim.whatif.cases import Case, Cases, cases_in
from relocsim.whatif.files import from_yaml, yaml_of
from relocsim.whatif.history import History
from relocsim.whatif.links import pack, unpack
from relocsim.whatif.specs import ABSENT, baseline_of, change, own_value, spec_of, titled
from relocsim.whatif.whatif import Setting, WhatIf

__all__ = [
    "ABSENT", "Case", "Cases", "History", "Setting", "WhatIf", "baseline_of", "cases_in", "change", "from_yaml",
    "own_value", "pack", "spec_of", "titled", "unpack", "yaml_of",
]  # fmt: skip
