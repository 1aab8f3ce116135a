"""`python -m ipraktik_local.kafka_manifest > kafka_jars.sha256`: pin another version of Kafka's jars.

Run after changing `KAFKA_VERSION`, by a person who then reads the difference. It resolves what Kafka needs by its Maven
files and trusts what comes; from then on nothing else is accepted.
"""

import hashlib
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from jgo.maven import MavenContext
from jgo.parse import Endpoint

from ipraktik_local.kafka_jars import KAFKA_VERSION

# the broker itself, and the smallest place for its log lines to go
_WANTED: Final = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:2.0.17"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        maven = MavenContext(repo_cache=Path(scratch), timeout=60)
        asked = [replace(one, scope="compile") for one in Endpoint.parse(_WANTED).coordinates]
        direct, further = maven.resolver.resolve([maven.create_dependency(one) for one in asked])
        for dependency in sorted(
            [*direct, *(one for one in further if one.scope in {"compile", "runtime"})], key=str
        ):
            jar = dependency.artifact
            digest = hashlib.sha256(jar.resolve().read_bytes()).hexdigest()
            sys.stdout.write(f"{digest}  {jar.groupId}:{jar.artifactId}:{jar.version}\n")


if __name__ == "__main__":
    main()
