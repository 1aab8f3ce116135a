"""What stands in deploy/k8s because it stands in the code: topics, users, and the revision in the name of each migration."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ipraktik_manifests.kafka_objects import agencies_in, agencies_yaml, services_yaml, topics_yaml
from ipraktik_manifests.programs import revision_of
from ipraktik_manifests.tree import K8S, SERVICES

KAFKA: Final = Path("platform") / "kafka"


def generated(root: Path = K8S) -> Mapping[Path, str]:
    """Every file that is written, with what it should hold."""
    agencies = agencies_in(root / KAFKA / "agencies.toml")
    return {
        root / KAFKA / "topics.yaml": topics_yaml(),
        root / KAFKA / "users.yaml": services_yaml(),
        root / KAFKA / "agencies.yaml": agencies_yaml(agencies),
        **{root / "base" / one / "migrate.yaml": _migration(root, one) for one in SERVICES},
    }


def write(root: Path = K8S) -> list[Path]:
    """Write what has changed; returns those files."""
    changed = [file for file, text in generated(root).items() if _now(file) != text]
    texts = generated(root)
    for file in changed:
        file.write_text(texts[file], "utf-8")
    return changed


def _migration(root: Path, service: str) -> str:
    """The migration's manifest as it stands, under the revision that the code has now."""
    text = (root / "base" / service / "migrate.yaml").read_text("utf-8")
    said, times = re.subn(
        rf"(?m)^  name: {service}-migrate-\d+$", f"  name: {service}-migrate-{revision_of(service)}", text
    )
    if times != 1:
        raise ValueError(f"base/{service}/migrate.yaml must name its Job {service}-migrate-REVISION, once")
    return said


def _now(file: Path) -> str:
    return file.read_text("utf-8") if file.exists() else ""
