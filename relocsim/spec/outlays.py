"""What policies cost by themselves, before anything is played. Incentives are not among it: they are paid as firms come."""

from __future__ import annotations

from relocsim.policies import Policy
from relocsim.spec.specification import Spec


def outlay(spec: Spec, policy: Policy) -> float:
    """Return what a policy itself costs all its cities over the run if it is in force, 1e8 yuan (incentives aside)."""
    quarters = [spec.scenario.start + at for at in range(spec.scenario.quarters)]
    terms = spec.world.parameters
    each = sum(policy.spends(terms, quarter - policy.start) for quarter in quarters if policy.in_force(quarter))
    return each * len(policy.payers())
