"""What can be said of deploy/Dockerfile by reading it; test_images.py follows it."""

import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

from deploy.image_root import DOCKERFILE, ROOT, let_through, stages


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    said = subprocess.run(
        [str(hadolint), str(DOCKERFILE)], capture_output=True, text=True, check=False
    ).stdout

    assert said == ""


def test_both_stages_stand_on_the_one_python_that_the_closures_are_meant_for() -> None:
    before, builder, final = stages()
    base, with_compiler = before.rests("ARG")
    target = runpy.run_path(str(ROOT / "deploy" / "closure.py"))["TARGET"]

    assert base == f"PYTHON_IMAGE=python:{target['python_version']}-slim"
    assert with_compiler == f"BUILDER_IMAGE=python:{target['python_version']}"
    assert builder.rests("FROM") == ["${BUILDER_IMAGE} AS builder"]
    assert final.rests("FROM") == ["${PYTHON_IMAGE}"]


def test_everything_that_comes_from_elsewhere_is_checked_by_its_hash() -> None:
    commands = [part.strip() for run in stages()[1].rests("RUN") for part in run.split("&&")]
    installs = [shlex.split(command) for command in commands if re.search(r"\bpip .*\binstall\b", command)]

    assert len(installs) == 3
    for words in installs:
        assert "--no-deps" in words
        assert ("--require-hashes" in words) != ("--no-index" in words)
    assert not re.search(r"\b(curl|wget|apt-get|git)\b", DOCKERFILE.read_text("utf-8"))


def test_an_image_gets_the_code_of_no_other_service() -> None:
    copied = [source for rest in stages()[1].rests("COPY") for source in shlex.split(rest)[:-1]]

    assert [source for source in copied if source.startswith("services/")] == [
        "services/chassis",
        "services/${SERVICE}",
    ]
    assert stages()[2].rests("COPY") == ["--from=builder /app /app"]


def test_it_runs_as_nobody_in_particular_and_takes_signals_itself() -> None:
    final = stages()[2]

    assert final.rests("USER") == ["10001:10001"]
    assert final.rests("ENTRYPOINT") == ['["python", "-m"]']
    assert final.rests("CMD") == []
    assert final.rests("HEALTHCHECK") == ["NONE"]
    words = [step.word for step in final.steps]
    assert words.index("USER") > max(at for at, word in enumerate(words) if word in {"RUN", "COPY"})


def test_nothing_that_installs_is_left_in_what_runs() -> None:
    (run,) = stages()[2].rests("RUN")

    for leftover in ("/usr/local/bin/pip*", "site-packages/pip*", "ensurepip"):
        assert leftover in run


def test_an_image_is_not_built_without_its_compiler_unless_that_is_said() -> None:
    arguments = stages()[1].rests("ARG")
    (compiling,) = [run for run in stages()[1].rests("RUN") if "deploy/native.py" in run]

    assert "COMPILER=required" in arguments
    assert '--compiler "${COMPILER}"' in compiling
    assert compiling.index("native.py") < compiling.index("./services/${SERVICE}"), "the wheel takes it along"


def test_a_build_sees_only_what_it_copies() -> None:
    for needed in (
        "requirements.lock",
        "deploy/closure.py",
        "services/notify/ipraktik_notify/templates/mail.html",
    ):
        assert let_through(needed)
    for private in (
        ".git/config",
        ".local/env",
        ".venv/bin/python",
        "deploy/local/README.md",
        "tests/rig.py",
        "docs",
    ):
        assert not let_through(private)
    for left_behind in (
        "services/matching/ipraktik_matching/puzzle/network/core.cpython-311-x86_64-linux-gnu.so",
        "services/notify/ipraktik_notify/__pycache__/main.cpython-312.pyc",
        "contracts/.env",
    ):
        assert not let_through(left_behind)
