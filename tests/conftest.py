"""How tests are run; the fixtures that every test may share are in `shared.py`."""

import gc
import os

import pytest
from hypothesis import settings

# its asserts compare the two implementations: let them show what differs, as those of a test do
pytest.register_assert_rewrite("reference.comparing", "commands")

# the plain implementation makes objects by the million, nearly all of which go as soon as they are done with
gc.set_threshold(200_000, 50, 100)

settings.register_profile("suite", deadline=None, derandomize=True, print_blob=True, max_examples=50)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_configure(config: pytest.Config) -> None:
    """Load the shared fixtures, which import the model, where tests are played and not where they are handed out.

    And let a falsified law say so, and not that the fixtures it was given are too large to print.
    """
    config.addinivalue_line("filterwarnings", "ignore:Generating overly large repr")
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        config.pluginmanager.import_plugin("shared")
