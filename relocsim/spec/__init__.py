"""Text becomes a specification: one door from YAML files to frozen, complete, checked objects.

`load` reads a scenario, `check` tells what is wrong with any file, `schema` describes scenario files to editors.
"""

from relocsim.errors import SpecError
from relocsim.spec.checking import check
from relocsim.spec.loading import load, load_world
from relocsim.spec.merging import Difference
from relocsim.spec.scenario import Scenario, Study, Switches
from relocsim.spec.schema import schema
from relocsim.spec.specification import Spec

__all__ = ["Difference", "Scenario", "Spec", "SpecError", "Study", "Switches", "check", "load", "load_world", "schema"]
