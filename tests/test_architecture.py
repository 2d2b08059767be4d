"""The rules of the house hold, and each checker is seen to fail where they do not."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "relocsim"
REFERENCE = ROOT / "tests" / "reference"
MODULES = sorted([*PACKAGE.rglob("*.py"), *REFERENCE.rglob("*.py")])
"""The package and the second implementation; tests themselves may be longer, as lists of cases are."""
MOST_LINES = 300


def called(*command: str, cwd: Path = ROOT, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", **({"PYTHONPATH": str(path)} if path else {})}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment)


def lint_imports(cwd: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return called(sys.executable, "-c", code, "--no-cache", cwd=cwd, path=cwd)


def ruff(*arguments: str) -> subprocess.CompletedProcess[str]:
    return called(sys.executable, "-m", "ruff", *arguments)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its rules."""
    shutil.copytree(PACKAGE, tmp_path / "relocsim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_against_the_way_are_caught(copy: Path) -> None:
    """That there are none `make lint` says."""
    against = {
        "policies/base.py": "relocsim.model",
        "phases/cost.py": "relocsim.batch.arms",
        "errors.py": "relocsim.sources",
    }
    for module, forbidden in against.items():
        with (copy / "relocsim" / module).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {forbidden}\n")
    done = lint_imports(copy)
    assert done.returncode != 0
    for module, forbidden in against.items():
        name = module.removesuffix(".py").replace("/", ".")
        assert re.search(rf"relocsim\.{name}\s+->\s+{forbidden}\b", done.stdout), (module, done.stdout)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("import random", "TID251"),
        ("from numpy.random import default_rng", "TID251"),
        ("import numpy as np\n\nRNG = np.random.default_rng(1)", "TID251"),
        ("print(1)", "T201"),
        ("def undocumented():\n    return 1", "D103"),
    ],
)
def test_a_breach_of_style_is_caught(tmp_path: Path, line: str, rule: str) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(f'"""A sample."""\n\n{line}\n', "utf-8")
    done = ruff("check", "--no-cache", "--config", str(ROOT / "pyproject.toml"), str(sample))
    assert done.returncode != 0
    assert rule in done.stdout


def test_no_file_is_too_long_to_read() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert len(lines) > 400
    assert {path: many for path, many in lines.items() if many > MOST_LINES} == {}


@pytest.mark.parametrize("folder", ["relocsim", "scenarios", "tests"])
def test_nothing_names_a_folder_of_one_machine(folder: str) -> None:
    absolute = re.compile(r"(?<![\w.:/}~-])/(?:home|work|tmp|root|usr|opt|Users|var|mnt)/")
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in {".py", ".yaml", ".toml", ".md"} and path != Path(__file__):
            assert not absolute.search(path.read_text("utf-8")), path


def test_only_streams_makes_random_numbers() -> None:
    made = re.compile(r"numpy\.random|np\.random|\brandom\.|default_rng|RandomState")
    found = {path.name for path in PACKAGE.rglob("*.py") if made.search(path.read_text("utf-8"))}
    assert found <= {"streams.py"}


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, relocsim; sys.exit('pandas' in sys.modules or 'mesa' in sys.modules)"
    assert called(sys.executable, "-c", code).returncode == 0


def test_the_lowest_versions_are_those_of_the_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bounds = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    pinned = (ROOT / "constraints-lowest.txt").read_text("utf-8").splitlines()
    assert {bound.split(",")[0].replace(">=", "==") for bound in bounds} <= set(pinned)
