"""What schemas do not see: each policy is a function from the objects of one environment to what is wrong with them, a sentence each.

Invariant: every policy has a broken example in tests/deploy/k8s that it refuses, so none is there for show.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ipraktik_manifests.policies import kafka, monitoring, references, running, shapes, surroundings
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.tree import Object

Check = Callable[[Sequence[Object], Facts], list[str]]

__all__ = ["POLICIES", "Check", "Facts", "Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule that holds for every environment."""

    check: Check

    @property
    def name(self) -> str:
        return self.check.__name__


POLICIES: Final = tuple(
    Policy(check)
    for check in (
        shapes.selectors_choose_their_own_pods,
        shapes.mounts_have_a_volume,
        shapes.quantities_are_quantities,
        shapes.disruption_budgets_protect_somebody,
        monitoring.rules_are_promql,
        shapes.network_policies_say_whom_and_what,
        shapes.ports_are_named_as_ports_may_be,
        references.references_lead_somewhere,
        surroundings.needed_settings_are_given,
        surroundings.given_settings_are_known,
        kafka.topics_are_the_contracts,
        kafka.groups_are_the_programs,
        monitoring.alerts_have_their_runbook,
        running.images_are_pinned,
        running.pods_are_restricted,
        running.probes_are_answered,
        monitoring.rules_use_exported_metrics,
        running.autoscaled_have_no_replicas,
        running.grace_covers_the_drain,
        running.an_eviction_is_always_possible,
        kafka.agencies_read_and_nothing_else,
        running.connections_fit_the_database,
        running.everything_fits_the_quota,
        surroundings.people_meet_one_origin,
    )
)
