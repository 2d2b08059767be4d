"""The question: which coefficients of choice a table of observed choices holds, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.errors import Problem
from relocsim.estimation.columns import Columns, columns_of
from relocsim.estimation.covariance import FEW_CLUSTERS, covariances
from relocsim.estimation.design import Choices, choices_of, require_variation
from relocsim.estimation.fitting import Fit, fit_conditional, fit_nested
from relocsim.estimation.likelihood import Chances, Conditional, Nested, Nests
from relocsim.estimation.nesttests import nest_table, test_table
from relocsim.estimation.sampling import sampled
from relocsim.estimation.shares import elasticity_table, share_table
from relocsim.estimation.table import ChoiceTableError, Source, Table, read_table
from relocsim.estimation.tablechecks import checked


@dataclass(frozen=True, repr=False)
class Estimate:
    """Coefficients of choice with what tells how far to trust them; tables are tidy."""

    columns: Columns
    """What was asked."""
    source: Source
    """Where the choices come from."""
    choices: Choices
    """All choices of the table."""
    used: Choices
    """Those that the coefficients are from: with sampled alternatives a part of each choice set."""
    conditional: Fit
    """The conditional logit."""
    nested: Fit | None
    """The nested logit, where there are nests."""
    nests: Nests | None
    """Which nests have a parameter."""
    kinds: Mapping[str, np.ndarray]
    """Covariances by kind, (T, T)."""

    def __repr__(self) -> str:
        return f"Estimate({self.method}, {len(self.choices.start)} choosers, log-likelihood {self.fit.loglik:.4f})"

    @property
    def fit(self) -> Fit:
        """The model that was asked for."""
        return self.nested or self.conditional

    @property
    def method(self) -> str:
        """Name of the model."""
        if self.nested is None:
            return "conditional logit"
        return "nested logit" + (", unscaled" if self.columns.unscaled else "")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of attributes, constants and nest parameters, (T,)."""
        return self.choices.names + tuple(f"lambda[{name}]" for name in (self.nests.names if self.nests else ()))

    def covariance(self, kind: str | None = None) -> np.ndarray:
        """Return the covariance of all coefficients, (T, T): that which intervals go by, or of another kind."""
        return self.kinds[kind or self.columns.errors_used]

    @cached_property
    def lambdas(self) -> np.ndarray:
        """Parameter of every nest, 1 where none was sought, (M,)."""
        width = len(self.choices.names)
        return self.nests.lambdas(self.fit.theta[width:]) if self.nests else np.ones(len(self.choices.nests))

    @cached_property
    def chances(self) -> Chances:
        """Chances of choice in the whole choice sets, (R,)."""
        return self._likelihood(self.choices).chances(self.fit.theta)

    def _likelihood(self, choices: Choices) -> Conditional | Nested:
        if self.nests is None:
            return Conditional(choices, choices.x)
        return Nested(choices, choices.x, self.nests)

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """One row a coefficient: estimate, standard errors by kind, z, p and the interval by the kind that was asked for."""
        width = len(self.choices.names)
        estimate = self.fit.theta[:width]
        errors = {f"se_{kind}": np.sqrt(np.diag(held)[:width]) for kind, held in self.kinds.items()}
        error = errors[f"se_{self.columns.errors_used}"]
        z, reach = estimate / error, stats.norm.ppf(0.5 + self.columns.level / 2) * error
        return pd.DataFrame(
            {
                "name": self.choices.names, "estimate": estimate, **errors, "z": z, "p": 2 * stats.norm.sf(np.abs(z)),
                "low": estimate - reach, "high": estimate + reach,
            }
        )  # fmt: skip

    @cached_property
    def nest_parameters(self) -> pd.DataFrame:
        """One row a nest parameter: estimate, error, interval, test against 1 (no nest), verdict; empty without nests."""
        width = len(self.choices.names)
        names = self.nests.names if self.nests else ()
        covariance = self.covariance()[width:, width:]
        return nest_table(names, self.fit.theta[width:], covariance, self.columns.level)

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Tests of the whole: test, of, statistic, degrees, p."""
        return test_table(self.conditional, self.nested, self.covariance(), self.null)

    @cached_property
    def null(self) -> float:
        """Log-likelihood where all alternatives are alike."""
        return float(-np.log(self.used.sizes()).sum())

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Quantities of the fit: choosers, rows, alternatives, log-likelihoods, information criteria, rounds."""
        count, choosers = len(self.fit.theta), len(self.choices.start)
        sizes = self.choices.sizes()
        found = {
            "choosers": choosers,
            "alternatives": len(self.choices.alternatives),
            "rows": len(self.choices.chooser),
            "rows used": len(self.used.chooser),
            "smallest choice set": sizes.min(),
            "largest choice set": sizes.max(),
            "clusters": 0 if self.choices.cluster is None else self.choices.cluster.max() + 1,
            "coefficients": count,
            "log-likelihood": self.fit.loglik,
            "log-likelihood, all alike": self.null,
            "pseudo R2 (McFadden)": 1 - self.fit.loglik / self.null,
            "AIC": 2 * count - 2 * self.fit.loglik,
            "BIC": count * np.log(choosers) - 2 * self.fit.loglik,
            "steps": self.fit.rounds,
        }
        return pd.DataFrame({"quantity": list(found), "value": [float(value) for value in found.values()]})

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Observed and predicted shares by alternative."""
        return share_table(self.choices, self.chances)

    @cached_property
    def elasticities(self) -> pd.DataFrame:
        """Elasticities of shares by attribute and alternative (see `relocsim.estimation.shares`)."""
        beta, scaled = self.fit.theta[: len(self.choices.names)], not self.columns.unscaled
        return elasticity_table(self.choices, self.chances, beta, self.lambdas, scaled, self.columns.logs)

    @property
    def remarks(self) -> list[str]:
        """What a reader should know before trusting the tables."""
        said = []
        if self.nests is not None:
            alone = [self.choices.nests[at] for at in np.flatnonzero(self.nests.of_nest < 0)]
            if alone:
                said.append(f"nests of one alternative, whose parameter is 1 by definition: {', '.join(alone)}")
            outside = self.nest_parameters[self.nest_parameters["parameter"] > 1]
            if len(outside):
                said.append(f"outside 0 to 1: {', '.join(outside['nest'])}")
        if self.choices.cluster is not None and self.choices.cluster.max() + 1 < FEW_CLUSTERS:
            said.append(f"{self.choices.cluster.max() + 1} clusters are few: their errors are rough, mostly too small")
        if self.columns.sample is not None:
            said.append(
                "alternatives were sampled for the coefficients; shares and elasticities are of whole choice sets"
            )
        return said

    def predict(self, table: Table) -> pd.DataFrame:
        """Return the chance of every row of another table with the same columns: chooser, alternative, chance.

        `chosen` must be there, whatever it says; nests must be named as in the table of the estimate.
        """
        read, source = read_table(table)
        choices = choices_of(checked(read, self.columns, source), self.columns)
        if self.nests is not None:
            choices = _renamed(choices, self.choices.nests)
        chance = self._likelihood(choices).chances(self.fit.theta).of_row
        names = np.array(choices.alternatives, dtype=object)[choices.alternative]
        return pd.DataFrame({"chooser": choices.choosers[choices.chooser], "alternative": names, "chance": chance})


def estimate(  # noqa: PLR0913 - the options of the command
    table: Table | None = None, *, columns: str | Path | Columns | None = None, chooser: str | None = None,
    alternative: str | None = None, chosen: str | None = None, attributes: Sequence[str] | None = None,
    nests: str | None = None, unscaled: bool | None = None, one_lambda: bool | None = None, cluster: str | None = None,
    offset: str | None = None, constants: bool | None = None, base: str | None = None,
    logs: Sequence[str] | None = None, sample: int | None = None, sample_by: str | None = None,
    seed: int | None = None, errors: str | None = None, level: float | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Estimate:  # fmt: skip
    """Return the coefficients of a conditional or nested logit of choice.

    Parameters
    ----------
    table
        One row for each chooser and alternative in its choice set: a CSV or Parquet file or a data frame.
    columns
        A file, or what was made of one, that says which columns are which; what else is given here goes over it. All
        others are the fields of `relocsim.estimation.columns.Columns`.

    Raises
    ------
    SpecError
        With everything that is wrong with the question or (ChoiceTableError) the table, with rows and choosers.
    """
    options = {
        "table": None if table is None or isinstance(table, pd.DataFrame) else str(table),
        "chooser": chooser, "alternative": alternative, "chosen": chosen, "attributes": _list(attributes),
        "nests": nests, "unscaled": unscaled, "one_lambda": one_lambda, "cluster": cluster, "offset": offset,
        "constants": constants, "base": base, "logs": _list(logs), "sample": sample, "sample_by": sample_by,
        "seed": seed, "errors": errors, "level": level, "parameters": None if parameters is None else dict(parameters),
    }  # fmt: skip
    if isinstance(columns, Columns):
        options = {**columns.model_dump(mode="json"), **{name: one for name, one in options.items() if one is not None}}
        columns = None
    return estimated(table, columns_of(options, columns))


def _list(names: Sequence[str] | None) -> list[str] | None:
    return None if names is None else list(names)


def estimated(table: Table | None, columns: Columns) -> Estimate:
    """Return the answer to a question, of `table` or else of the one that the question names."""
    read, source = read_table(columns.table or "" if table is None else table)
    kept = checked(read, columns, source)
    file = source.file or source.name
    choices = used = choices_of(kept, columns)
    if columns.sample is not None:
        part, correction = sampled(kept, columns)
        used = choices_of(part, columns, correction)
    spread = require_variation(used, columns, file)
    conditional, nested, nests = fit_conditional(used, spread, file), None, None
    if columns.nests is not None:
        nests = _free(choices, columns, file)
        nested = fit_nested(used, nests, spread, conditional, file)
    return Estimate(
        columns, source, choices, used, conditional, nested, nests, covariances(nested or conditional, used.cluster)
    )


def _free(choices: Choices, columns: Columns, file: str) -> Nests:
    """Return which nests have a parameter: where values are scaled, those that hold several alternatives of some chooser.

    ChoiceTableError where that is none, or where choosers with a choice within a nest never have one between it and others.
    """
    beside = np.diff(choices.first_block, append=len(choices.block_start))[choices.chooser[choices.block_start]] > 1
    most = np.zeros(len(choices.nests), dtype=np.intp)
    np.maximum.at(most, choices.block_nest, np.bincount(choices.block))
    has = (most > 1) | columns.unscaled
    met = np.bincount(choices.block_nest, beside, minlength=len(has)) > 0
    alone = [name for name, lonely in zip(choices.nests, has & ~met, strict=True) if lonely]
    if alone or not has.any():
        message = "no nest holds two alternatives of one chooser"
        if alone:
            message = (
                f"no chooser has a choice between the nest {alone[0]!r} and another, which would tell its parameter"
            )
        raise ChoiceTableError([Problem(message, file=file, path=columns.nests or "", hint="try other nests, or none")])
    if columns.one_lambda:
        return Nests(("all",), np.where(has, 0, -1), not columns.unscaled)
    of_nest = np.where(has, np.cumsum(has) - 1, -1)
    names = tuple(name for name, own in zip(choices.nests, has, strict=True) if own)
    return Nests(names, of_nest, not columns.unscaled)


def _renamed(choices: Choices, nests: tuple[str, ...]) -> Choices:
    """Return choices with nests numbered as in `nests`."""
    number = {name: at for at, name in enumerate(nests)}
    position = np.array([number[name] for name in choices.nests])
    return replace(choices, block_nest=position[choices.block_nest], nests=nests)
