"""What the tests on real Kafka share: a fictional edition that the sandbox has played once."""

import subprocess
from dataclasses import dataclass

import pytest
from contracts.cli.running import environment, run, said

from ipraktik_local.kafka import KafkaServer

SEED, PARTICIPANTS = 11, 40


@dataclass(frozen=True)
class Ground:
    """A namespace on the run's Kafka with an edition in it."""

    bootstrap: str
    namespace: str

    def run(self, *words: str, **env: str) -> "subprocess.CompletedProcess[bytes]":
        """Run the command on it."""
        return run(
            *words, env=environment(KAFKA_BOOTSTRAP=self.bootstrap, TOPIC_NAMESPACE=self.namespace, **env)
        )


@pytest.fixture(scope="session")
def ground(kafka: KafkaServer) -> Ground:
    """Played by the sandbox, as hostile as it is by itself. Read it only."""
    made = Ground(kafka.bootstrap, "cliground.")
    ended = made.run("sandbox", "--seed", str(SEED), "--participants", str(PARTICIPANTS), "--no-stay", "--keep", "--pauses", "0")  # fmt: skip
    assert ended.returncode == 0, said(ended)
    return made
