"""A new policy is one new file: nothing else knows of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from toy import SCENARIO

import relocsim
from relocsim.policies import catalogue

ROOT = Path(relocsim.__file__).parent

NEW_POLICY = '''
    """Free coffee: fees fall a little."""

    from typing import ClassVar, Literal

    from relocsim.policies.base import CityPolicy, Site
    from relocsim.world.described import Share
    from relocsim.world.levers import Change


    class FreeCoffee(CityPolicy):
        """Fees fall by a share, for no reason but this test."""

        title: ClassVar[str] = "Free coffee"
        title_zh: ClassVar[str] = "免费咖啡"
        moves: ClassVar[tuple[str, ...]] = ("fees",)
        example: ClassVar[dict[str, object]] = {"kind": "free_coffee", "city": "beta", "start": "2009-Q1"}

        kind: Literal["free_coffee"]
        """Kind of policy."""
        cut: Share = 0.5
        """Share by which fees fall."""

        def changes(self, site: Site, elapsed: int) -> list[Change]:
            return [Change("fees", (site.at("places", self.cities()),), 1 - self.intensity * self.cut)]
'''

USING_IT = """
    import sys

    import relocsim
    from relocsim.model import RelocationModel
    from relocsim.policies import catalogue
    from relocsim.spec import load

    assert relocsim.__file__.startswith(sys.argv[1]), relocsim.__file__
    assert "free_coffee" in catalogue()
    spec = load(sys.argv[2])
    runs = [RelocationModel(spec, on=on).run() for on in ([], ["coffee"])]
    beta = runs[0].setting.places.row("beta")
    assert runs[1].levers["fees"][beta] == 0.7
    print(len(runs[0].projects), len(runs[1].projects))
"""


def test_a_new_policy_is_one_new_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "relocsim")  # what is compiled already comes along
    (tmp_path / "relocsim" / "policies" / "free_coffee.py").write_text(dedent(NEW_POLICY), "utf-8")
    scenario = tmp_path / "coffee.yaml"
    coffee = (
        "{kind: free_coffee, city: beta, start: 2009-Q1, cut: {value: 0.3, source: A test, grade: assumed, range: x/2}}"
    )
    body = f"scenario: {{firms: 200}}\npolicies: {{coffee: {coffee}}}\n"
    scenario.write_text(f"format: 1\nkind: scenario\nextends: {SCENARIO}\n{body}", "utf-8")
    using = [sys.executable, "-c", dedent(USING_IT), str(tmp_path), str(scenario)]
    done = subprocess.run(
        using,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "free_coffee" not in catalogue()
