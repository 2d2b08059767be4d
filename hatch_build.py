"""Builds the compiled kernels at installation where there is a C compiler; without one nothing is missing but speed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KernelsHook(BuildHookInterface):
    """Adds the library of kernels to what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the library beside its sources and put it into the wheel."""
        built = runpy.run_path(str(Path(self.root) / "relocsim" / "kernels" / "building.py"))["build"]()
        if built is not None:
            build_data["artifacts"].append(f"/{built.relative_to(self.root).as_posix()}")
            build_data["pure_python"], build_data["infer_tag"] = False, True
