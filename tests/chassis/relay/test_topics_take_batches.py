"""The declared topics take the relay's batches whole: refused ones would go row by row, at a twentieth of the rate."""

import pytest

from ipraktik_chassis.relay_settings import RelaySettings
from ipraktik_contracts.topics import TOPICS, TopicDeclaration


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_takes_the_largest_batch_that_the_relay_builds(topic: TopicDeclaration) -> None:
    assert int(topic.config["max.message.bytes"]) >= 2 * RelaySettings().max_batch_bytes
