"""What-ifs without pages: a case, what is changed in it and why, as a specification, as a file, as a link.

What is laid over a case goes through the one door of `relocsim.spec`, so that a what-if, its file and its link mean the
same. This package refuses to know how a what-if is shown or played.
"""

from relocsim.whatif.cases import Case, Cases, cases_in
from relocsim.whatif.files import from_yaml, yaml_of
from relocsim.whatif.history import History
from relocsim.whatif.links import pack, unpack
from relocsim.whatif.specs import ABSENT, baseline_of, change, own_value, spec_of
from relocsim.whatif.whatif import Setting, WhatIf

__all__ = [
    "ABSENT", "Case", "Cases", "History", "Setting", "WhatIf", "baseline_of", "cases_in", "change", "from_yaml",
    "own_value", "pack", "spec_of", "unpack", "yaml_of",
]  # fmt: skip
