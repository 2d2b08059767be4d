"""Every page of every format of a briefing, in both languages, rendered: as many as there may be, none empty."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from toy import SCENARIO
from typer.testing import CliRunner

from relocsim.cli import app
from relocsim.report.fonts import chinese_font

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
OFFICE, PICTURES = shutil.which("soffice"), shutil.which("pdftoppm")
LANGUAGES = ("en", "zh")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PICTURES is None, reason="pdftoppm (poppler-utils) is not installed"),
    pytest.mark.skipif(chinese_font() is None, reason="no Chinese font: pip install 'relocsim[zh]'"),
]
LEAST, MOST = {"html": 4, "pdf": 4, "docx": 4, "pptx": 8}, {"html": 9, "pdf": 8, "docx": 9, "pptx": 20}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("briefing")
    few = [part for name in ("incentives", "approvals", "suppliers", "park-expansion") for part in ("--with", name)]
    small = [*few, "--replicates", "6", "--jobs", "1", "--set", "scenario.firms=300"]
    found = CliRunner().invoke(app, ["brief", str(SCENARIO), *small, "--out", str(out / "told")])
    assert found.exit_code == 0, found.output
    return out / "told"


def paged(path: Path, out: Path) -> Path:
    """Return a file of any format as a PDF."""
    if path.suffix == ".pdf":
        return path
    if path.suffix == ".html":
        if BROWSER is None:
            pytest.skip("no browser (chromium) is installed")
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        where = [f"--user-data-dir={out / 'browser'}", f"--print-to-pdf={out / 'page.pdf'}", path.as_uri()]
        subprocess.run(
            [BROWSER, *quiet, "--no-pdf-header-footer", *where], check=True, capture_output=True, timeout=300
        )
        return out / "page.pdf"
    if OFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    profile = f"-env:UserInstallation={(out / 'office').as_uri()}"
    told = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(path)]
    subprocess.run(told, check=True, capture_output=True, timeout=300)
    return out / f"{path.stem}.pdf"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", LEAST)
def test_every_page_shows_something(folder: Path, tmp_path: Path, form: str, language: str) -> None:
    pdf = paged(folder / f"briefing-{language}.{form}", tmp_path)
    subprocess.run([str(PICTURES), "-r", "40", "-png", str(pdf), str(tmp_path / "sheet")], check=True, timeout=300)
    pages = sorted(tmp_path.glob("sheet*.png"))
    assert LEAST[form] <= len(pages) <= MOST[form]
    for page in pages:
        ink = (imread(page)[..., :3].min(axis=-1) < 0.8).mean()
        assert 0.001 < ink < 0.5, page


def test_an_empty_page_would_be_found() -> None:
    assert not 0.001 < (np.ones((10, 10, 3)).min(axis=-1) < 0.8).mean() < 0.5
