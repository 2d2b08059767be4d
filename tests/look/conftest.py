"""Mesa's page is tried where the extra `viz` is installed; where it is not, that is said aloud and nothing is tried."""

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LACKING = [name for name in ("solara", "altair", "ipyvuetify") if importlib.util.find_spec(name) is None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is here where the viewer is not installed."""
    if LACKING:
        why = f"!! MESA'S PAGE IS NOT TRIED: {', '.join(LACKING)} not installed (make test-look)"
        for item in items:
            if HERE not in item.path.parents:
                continue
            item.add_marker(pytest.mark.skip(reason=why))


def pytest_report_header() -> str | None:
    """Say so at the top."""
    return f"!! MESA'S PAGE IS NOT TRIED: {', '.join(LACKING)} not installed (make test-look)" if LACKING else None
