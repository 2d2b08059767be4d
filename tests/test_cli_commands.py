"""The commands on the toy world: what they print, what they refuse and how, what they write."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from batching import hear_control_c
from commands import ROOT, SMALL, TOY, invoke, refused

import relocsim


@pytest.fixture(autouse=True)
def at_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_run_prints_capture_flows_and_assumptions():
    found = invoke("run", TOY, *SMALL)
    assert found.exit_code == 0, found.output
    for words in (
        "Capture at the stage 'producing'",
        "Beta",
        "Delta",
        "Counted apart",
        "Main flows",
        "inputs are assumed",
    ):
        assert words in found.stdout


def test_run_names_the_replicate_whose_inputs_it_draws():
    assert "central inputs" in invoke("run", TOY, *SMALL).stdout
    assert "inputs as drawn in replicate 3" in invoke("run", TOY, *SMALL, "--replicate", "3").stdout


def test_seed_is_taken():
    assert "seed 11" in invoke("run", TOY, *SMALL, "--seed", "11").stdout


def test_run_writes_tables_and_a_manifest_with_sums(tmp_path):
    assert invoke("run", TOY, *SMALL, "--out", str(tmp_path / "a")).exit_code == 0
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert manifest["kind"] == "run"
    assert manifest["scenario"] == "toy.yaml"
    assert manifest["settings"] == list(SMALL[1::2])
    assert set(manifest["files"]) == {f"{n}.{e}" for n in ("projects", "places", "capture") for e in ("csv", "parquet")}
    assert str(tmp_path) not in json.dumps(manifest)
    table = pd.read_parquet(tmp_path / "a" / "capture.parquet")
    assert len(table) == len(pd.read_csv(tmp_path / "a" / "capture.csv"))


def test_same_run_gives_the_same_bytes(tmp_path):
    for name in ("a", "b", "a"):
        assert invoke("run", TOY, *SMALL, "--out", str(tmp_path / name)).exit_code == 0
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert first == second


def test_another_run_is_not_overwritten_unless_forced(tmp_path):
    out = str(tmp_path / "a")
    invoke("run", TOY, *SMALL, "--out", out)
    said = refused("run", TOY, *SMALL, "--seed", "8", "--out", out)
    for words in ("holds another run of toy.yaml", "seed 7, not 8", "--force"):
        assert words in said
    assert invoke("run", TOY, *SMALL, "--seed", "8", "--out", out, "--force").exit_code == 0
    assert json.loads((tmp_path / "a" / "manifest.json").read_text())["seed"] == 8


def test_files_that_no_run_wrote_are_never_overwritten(tmp_path):
    (tmp_path / "thesis.txt").write_text("dear")
    said = refused("run", TOY, *SMALL, "--out", str(tmp_path), "--force")
    assert "thesis.txt" in said
    assert "choose another folder" in said
    assert (tmp_path / "thesis.txt").read_text() == "dear"


def test_output_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "a").write_text("")
    assert "is a file" in refused("run", TOY, *SMALL, "--out", str(tmp_path / "a"))


def test_a_forced_run_leaves_no_file_of_the_one_before(tmp_path):
    out = str(tmp_path / "a")
    invoke(
        "compare", TOY, *SMALL, "--replicates", "2", "--jobs", "1", "--with", "approvals", "--no-charts", "--out", out
    )
    assert invoke("run", TOY, *SMALL, "--out", out, "--force").exit_code == 0
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"manifest.json", *manifest["files"]}


def test_interruption_leaves_nothing_and_exits_130(tmp_path, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("relocsim.report.results.write_table", interrupted)
    found = invoke("run", TOY, *SMALL, "--out", str(tmp_path / "a"))
    assert found.exit_code == 130
    assert "interrupted" in found.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_control_c_on_two_processes_exits_130_without_noise(tmp_path):
    command = [sys.executable, "-m", "relocsim", "compare", TOY, "--replicates", "5000", "--jobs", "2"]
    with subprocess.Popen(
        [*command, "--with", "approvals", "--out", str(tmp_path / "a")],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hear_control_c,
    ) as process:  # fmt: skip
        _wait_for_workers(process.pid)
        os.kill(process.pid, signal.SIGINT)
        try:
            _, said = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def _wait_for_workers(pid: int) -> None:
    """Wait until a process has had children for a while."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    for _ in range(100):
        time.sleep(0.1)
        if not children.exists() or len(children.read_text().split()) >= 2:
            break
    time.sleep(1.0)


def test_compare_prints_one_answer_with_intervals_and_their_coverage(tmp_path):
    out = tmp_path / "a"
    named = ["--with", "approvals", "--with", "incentives"]
    found = invoke("compare", TOY, *SMALL, *named, "--replicates", "2", "--jobs", "1", "--no-charts", "--out", str(out))
    assert found.exit_code == 0, found.output
    for words in (
        "What each policy changes for Beta", "capture rate, pp", "investment, 1e8 yuan", "jobs", "but-for share", "treasury",
        "sim. error", "of 2", "expected to cover", "39 or more give 95 %", "Baseline: capture rate", "assumed",
    ):  # fmt: skip
        assert words in found.stdout, words
    names = {path.name for path in out.iterdir()}
    assert {f"{n}.{e}" for n in ("capture", "effects", "timeline", "by_replicate") for e in ("csv", "parquet")} <= names
    assert not any(name.endswith(("png", "svg")) for name in names), "charts are drawn by `make demo` of test_readme"


def test_compare_says_which_policy_is_unknown_and_which_was_meant():
    said = refused("compare", TOY, "--with", "aprovals")
    assert "--with" in said
    assert "did you mean 'approvals'?" in said


@pytest.mark.parametrize("options", [("--with", "approvals"), ("--without", "hsr"), ("--package", "soft")])
def test_compare_takes_what_is_named(options):
    found = invoke("compare", TOY, *SMALL, "--replicates", "2", "--jobs", "1", *options)
    assert found.exit_code == 0, found.output


def test_a_bad_scenario_is_told_with_its_line():
    said = refused("run", "tests/cases/invalid/unknown-study-city.yaml")
    assert "unknown-study-city.yaml:" in said
    assert "did you mean" in said


def test_a_missing_file_is_told():
    assert "nowhere.yaml" in refused("run", "nowhere.yaml")


def test_settings_given_twice_are_refused():
    assert "set twice" in refused("run", TOY, "--set", "scenario.firms=200", "--set", "scenario.firms=300")
    assert "set twice" in refused("run", TOY, "--set", "scenario.seed=1", "--seed", "2")


def test_version():
    assert invoke("--version").stdout == invoke("version").stdout == f"relocsim {relocsim.__version__}\n"


def test_import_and_help_are_quick():
    heavy = "('numpy', 'pandas', 'mesa', 'matplotlib', 'pydantic')"
    code = f"import sys, relocsim, relocsim.cli; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    before = processor_time_of_children()
    subprocess.run([sys.executable, "-m", "relocsim", "--help"], capture_output=True, check=True)
    assert processor_time_of_children() - before < 2.0


def processor_time_of_children() -> float:
    """Return seconds that other work on the machine does not lengthen; on Windows, which counts none, those that pass."""
    times = os.times()
    return time.perf_counter() if sys.platform == "win32" else times.children_user + times.children_system


def test_public_names_are_there():
    for name in relocsim.__all__:
        assert getattr(relocsim, name).__name__ == name
    assert set(relocsim.__all__) <= set(dir(relocsim))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = relocsim.nothing


def test_ablate_shows_a_row_a_mechanism_and_writes_tables(tmp_path):
    out = tmp_path / "off"
    found = invoke(
        "ablate",
        TOY,
        *SMALL,
        "--all-policies",
        "--switch",
        "size",
        "--replicates",
        "2",
        "--jobs",
        "1",
        "--out",
        str(out),
    )
    assert found.exit_code == 0, found.output
    assert "size" in found.stdout
    assert "simulation errors are in brackets" in found.stdout
    assert json.loads((out / "manifest.json").read_text())["mechanisms"] == ["size"]
    assert set(pd.read_csv(out / "table.csv")["mechanism"]) == {"size"}


def test_ablate_takes_several_scenarios_and_says_what_is_wrong_before_playing(tmp_path):
    variant = str(Path(TOY).with_name("variant.yaml"))
    options = [*SMALL, "--switch", "size", "--observable", "rent", "--replicates", "2", "--jobs", "1"]
    found = invoke("ablate", TOY, variant, *options, "--out", str(tmp_path))
    assert found.exit_code == 0, found.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["toy", "variant"]
    assert set(pd.read_csv(tmp_path / "variant" / "table.csv")["observable"]) == {"rent", "capture"}
    assert "did you mean 'rent'" in refused("ablate", TOY, "--observable", "rnt")


def test_ablate_refuses_what_is_no_mechanism():
    assert "did you mean 'size'" in refused("ablate", TOY, "--switch", "sise")
