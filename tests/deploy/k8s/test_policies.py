"""Every policy holds for every environment, and refuses the mistake that it is there for."""

from dataclasses import replace

import pytest
from deploy.k8s.broken import BROKEN, Break, find
from deploy.k8s.standing import PATHS

from ipraktik_manifests.policies import POLICIES, Facts, Policy
from ipraktik_manifests.tree import ENVIRONMENTS, environment

# what test_programs.py finds out from real processes; here policies are only tried on mistakes
ANSWERS = {command: dict.fromkeys(PATHS, 200) for command in ("serve", "work")}
BY_NAME = {policy.name: policy for policy in POLICIES}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("where", ENVIRONMENTS)
def test_every_environment_keeps_every_policy(policy: Policy, where: str, facts: Facts) -> None:
    assert policy.check(environment(where), replace(facts, answers=ANSWERS)) == []


@pytest.mark.parametrize(
    ("policy", "mistake"),
    [(BY_NAME[name], mistake) for name, mistakes in BROKEN.items() for mistake in mistakes],
    ids=lambda one: one.name if isinstance(one, Policy) else one.__name__,
)
def test_a_policy_refuses_the_mistake_that_it_is_there_for(
    policy: Policy, mistake: Break, facts: Facts
) -> None:
    objects = environment("prod")
    mistake(objects)

    said = policy.check(objects, replace(facts, answers=ANSWERS, metrics=frozenset({"up"})))

    assert said
    assert all(len(sentence) > 20 for sentence in said)


def test_no_policy_is_without_a_mistake() -> None:
    assert set(BROKEN) == set(BY_NAME)


def test_the_mistakes_find_what_they_break() -> None:
    assert find(environment("prod"), "Deployment", "matching-work")["metadata"]["name"] == "matching-work"
