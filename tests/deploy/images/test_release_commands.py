"""deploy/README.md, "A release": its commands are carried out as they stand there, with a `docker` that only writes down."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.images.compose import COMPOSE, NAMES
from ruamel.yaml import YAML

from deploy.image_root import ROOT
from deploy.release import OPEN

README = (ROOT / "deploy" / "README.md").read_text("utf-8")
# What Docker's client prints: progress and the digest to standard output, as one line per layer where nobody looks on.
DOCKER = """#!/bin/sh
set -eu
case $1 in
build)
    for last; do :; done
    test -f "$last/deploy/Dockerfile"
    while test "$1" != --tag; do shift; done
    echo "$2" >> built ;;
push)
    grep -qx "$2" built || { echo "tag does not exist: $2" >&2; exit 1; }
    if test -e refuse && grep -q "$2" refuse; then echo denied >&2; exit 1; fi
    printf 'The push refers to repository [%s]\\n5f70bf18a086: Pushed\\n' "${2%:*}"
    printf '%s: digest: sha256:%s size: 1993\\n' "${2##*:}" "$(printf %s "$2" | sha256sum | cut -d' ' -f1)" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of the tree as a release touches."""
    overlays = Path("deploy/k8s/overlays/prod")
    shutil.copytree(ROOT / overlays, tmp_path / overlays)
    for file in ("release.py", "Dockerfile"):
        shutil.copy(ROOT / "deploy" / file, tmp_path / "deploy")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.0\n\n- **Operators**: …\n", "utf-8")
    (tmp_path / "bin").mkdir()
    docker = tmp_path / "bin" / "docker"
    docker.write_text(DOCKER, "utf-8")
    docker.chmod(0o755)
    return tmp_path


def release(checkout: Path) -> subprocess.CompletedProcess[str]:
    """The page's block, up to the first command that fails."""
    block = re.split(r"^```\n", README.partition("## A release\n")[2], maxsplit=2, flags=re.MULTILINE)[1]
    commands = re.sub(r"\s+#.*$", "", block, flags=re.MULTILINE).replace(".venv/bin/python", sys.executable)
    path = f"{checkout / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=checkout,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )


def images(checkout: Path) -> dict[str, tuple[str, str, bool]]:
    """What the overlays name: repository, tag, and whether there is a digest."""
    said = {}
    for service in NAMES:
        document = YAML().load(
            checkout / "deploy/k8s/overlays/prod" / service / "kustomization.yaml",
        )
        (entry,) = document["images"]
        said[service] = (entry["newName"], entry["newTag"], "digest" in entry)
    return said


def test_what_was_built_is_pushed_and_stands_in_the_overlays(checkout: Path) -> None:
    ended = release(checkout)

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert images(checkout) == {
        service: (f"registry.example/innovationspraktik/{service}", "1.2.0", True) for service in NAMES
    }


@pytest.mark.parametrize("refused", NAMES)
def test_a_push_that_fails_ends_it_and_nothing_is_released(checkout: Path, refused: str) -> None:
    (checkout / "refuse").write_text(f"registry.example/innovationspraktik/{refused}:1.2.0", "utf-8")
    (checkout / "pushed.txt").write_text("of another day", "utf-8")

    ended = release(checkout)

    assert ended.returncode != 0
    assert "denied" in ended.stderr
    assert {tag for _, tag, _ in images(checkout).values()} == {OPEN}


def test_one_machine_takes_the_images_that_were_pushed() -> None:
    example = (ROOT / "deploy" / "small" / "example.env").read_text("utf-8")
    given = dict(re.findall(r"^#(IMAGES|VERSION)=(.*)$", example, re.MULTILINE))
    named = set(re.findall(r"^    image: (.*\$\{IMAGES.*)$", COMPOSE.read_text("utf-8"), re.MULTILINE))

    taken = {re.sub(r"\$\{(\w+):-[^}]*\}", lambda found: given[found[1]], reference) for reference in named}
    made = {re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", reference) for reference in named}

    assert taken == {f"registry.example/innovationspraktik/{service}:1.2.0" for service in NAMES}
    assert made == {f"innovationspraktik-{service}:unreleased" for service in NAMES}
