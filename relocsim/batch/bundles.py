"""Bundles: the runs of one replicate that a worker plays together, and what comes back.

A bundle carries the scenario packed once for all; a worker unpacks it, and draws the inputs of a replicate, once and not for
every run. A run that fails comes back as a failure and the others as they are. This module refuses to know who plays.
"""

from __future__ import annotations

import pickle
import threading
import traceback
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from relocsim.batch.playing import input_draws
from relocsim.batch.recording import Reader, Reading
from relocsim.batch.variants import play_variants
from relocsim.spec import Spec
from relocsim.spec.assigning import Values, without_ranges
from relocsim.spec.digest import text_digest
from relocsim.spec.grouping import Groups, Settler
from relocsim.spec.nodes import Steps

PACKAGE = Path(__file__).parents[1]
BUNDLE = 8
"""Most runs a bundle: as many may have to be played again by each worker where a batch is cut off."""


@dataclass(frozen=True)
class Bench:
    """What all runs of a batch share."""

    spec: Spec
    reader: Reader
    drawn: bool
    """Whether replicates draw the ranged inputs."""
    paths: tuple[Steps, ...]
    """Entries that factors set, which are not drawn."""
    groups: Groups
    """Inputs that factors move together."""


@dataclass(frozen=True)
class Packed:
    """A bench on its way to workers."""

    content: bytes
    digest: str

    @classmethod
    def of(cls, bench: Bench) -> Packed:
        """Return a bench packed."""
        content = zlib.compress(pickle.dumps(bench), 1)
        return cls(content, text_digest(content))

    def open(self) -> Bench:
        """Return the bench."""
        bench: Bench = pickle.loads(zlib.decompress(self.content))
        return bench


@dataclass(frozen=True)
class Bundle:
    """Runs of one replicate."""

    bench: Packed
    replicate: int
    runs: tuple[int, ...]
    """Their numbers."""
    variants: tuple[Values, ...]
    """What each sets."""


@dataclass(frozen=True)
class Failure:
    """Why a run failed."""

    error: str
    """Kind of error and what it says."""
    traceback: str
    """Where, innermost last."""


@dataclass(frozen=True)
class Finished:
    """A run that has come to an end, well or not."""

    run: int
    outcome: Reading | Failure


class _Hands:
    """What a worker has in its hands: the bench and the inputs of the last replicate."""

    def __init__(self) -> None:
        self._digest, self._replicate = "", -1
        self._bench: Bench
        self._drawn: Spec

    def at(self, packed: Packed, replicate: int) -> tuple[Bench, Spec]:
        """Return the bench, and the scenario with the inputs of a replicate, not yet made coherent."""
        if self._digest != packed.digest:
            self._digest, self._bench, self._replicate = packed.digest, packed.open(), -1
        if self._replicate != replicate:
            self._drawn, self._replicate = _with_inputs(self._bench, replicate), replicate
        return self._bench, self._drawn


_LOCAL = threading.local()


def _hands() -> _Hands:
    """Return the hands of this thread."""
    if not hasattr(_LOCAL, "hands"):
        _LOCAL.hands = _Hands()
    hands: _Hands = _LOCAL.hands
    return hands


def _with_inputs(bench: Bench, replicate: int) -> Spec:
    spec = without_ranges(bench.spec, bench.paths)
    return spec.drawn_freely(input_draws(spec, replicate)) if bench.drawn else spec


def play_bundle(bundle: Bundle) -> list[Finished]:
    """Return the runs of a bundle, in order. Where one fails each is played by itself: same bits, and one failure."""
    try:
        return _play(bundle, range(len(bundle.runs)))
    except Exception:  # whatever it is, it becomes a row
        return [_play_alone(bundle, at) for at in range(len(bundle.runs))]


def _play(bundle: Bundle, chosen: Sequence[int]) -> list[Finished]:
    bench, drawn = _hands().at(bundle.bench, bundle.replicate)
    settler = Settler(drawn, bench.groups)
    variants = [settler.settled(bundle.variants[at]).coherent() for at in chosen]
    readings = play_variants(variants, replicate=bundle.replicate, read=bench.reader, keep=True)
    return [Finished(bundle.runs[at], reading) for at, reading in zip(chosen, readings, strict=True)]


def _play_alone(bundle: Bundle, at: int) -> Finished:
    try:
        return _play(bundle, [at])[0]
    except Exception as error:
        return Finished(bundle.runs[at], failure(error))


def failure(error: BaseException) -> Failure:
    """Return what a failed run says of itself: frames by module and line, without the folders of this machine."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{_file(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line}" for frame in frames]
    return Failure(f"{type(error).__name__}: {error}", "\n".join(lines))


def _file(name: str) -> str:
    path = Path(name)
    return path.relative_to(PACKAGE.parent).as_posix() if path.is_relative_to(PACKAGE) else path.name
