"""Each image as far as it can be had without a container engine: built by its recipe in a folder, started as compose starts it.

The folder's interpreter sees nothing of the tree and nothing of .venv, so what is missing in an image is missing here.
"""

import json
import os
import re
import runpy
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from architecture.directions import EXTRA_ROOMS
from deploy.images.compose import NAMES, config_file, containers, service

from deploy.image_root import ROOT, Image, follow
from deploy.inventory import BILL, LIST, PLACE
from deploy.native import compiler
from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.links import LinkVerifier
from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.mail import MailSink
from ipraktik_local.ports import reserve_port
from ipraktik_local.postgres import PostgresServer, psql_program, start_postgres

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

# all but modules that are only for being started, and rooms of the contracts that an extra brings to life
IMPORT_ALL = """
import importlib, pkgutil, sys
extras = sys.argv[1].split(",")
def look(name):
    module = importlib.import_module(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", ()), name + "."):
        if not found.name.endswith("__main__") and found.name not in extras:
            look(found.name)
for name in sys.argv[2:]:
    look(name)
"""


READ_ONLY = """
while read -r _ place _; do mount -o remount,bind,ro "$place" 2>/dev/null || true; done < /proc/self/mounts
exec "$@"
"""


@dataclass(frozen=True)
class Ground:
    """What the containers stand on: servers as compose sets them up, and where they are."""

    addresses: Mapping[str, str]
    keys: Path

    def environment(self, name: str) -> dict[str, str]:
        """A container's variables, with the addresses and paths of this machine."""
        return {key: self.placed(value) for key, value in containers()[name].environment.items()}

    def placed(self, text: str) -> str:
        """A text of compose.yaml with the addresses and paths of this machine."""
        for inside, outside in self.addresses.items():
            text = re.sub(rf"(?<![\w.]){inside}(?!\w)", outside, text)
        return text.replace("/keys/", f"{self.keys}/")


@pytest.fixture(scope="module")
def folder(servers_home: Path) -> Path:
    made = servers_home / "images"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def images(folder: Path) -> dict[str, Image]:
    return {name: follow(name, folder=folder / name) for name in NAMES}


@pytest.fixture(scope="module")
def compose_kafka(folder: Path) -> Iterator[KafkaServer]:
    server = start_kafka(folder / "kafka")
    yield server
    server.close()


@pytest.fixture(scope="module")
def compose_postgres(folder: Path) -> Iterator[PostgresServer]:
    """Laid out by the script that compose gives to the PostgreSQL image."""
    server = start_postgres(folder / "postgres", fast=True)
    psql = [str(psql_program()), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
    passwords = containers()["postgres"].environment
    subprocess.run(
        [*psql, "--file", str(config_file("databases")), server.admin_url],
        env={"PATH": "/usr/bin:/bin", **passwords},
        check=True,
    )
    yield server
    server.close()


@pytest.fixture(scope="module")
def ground(
    folder: Path,
    images: dict[str, Image],
    compose_kafka: KafkaServer,
    compose_postgres: PostgresServer,
    mail_sink: MailSink,
) -> Ground:
    """After the steps that compose takes before the services: topics, keys."""
    ground = Ground(
        addresses={
            "kafka:9092": compose_kafka.bootstrap,
            "postgres:5432": f"127.0.0.1:{compose_postgres.port}",
            "mailpit:1025": mail_sink.smtp_url.partition("//")[2],
        },
        keys=folder / "keys",
    )
    for half in ("private", "public"):
        (ground.keys / half).mkdir(parents=True)
    for step, image in (("topics", "registration"), ("link-keys", "notify")):
        arguments = [ground.placed(word) for word in containers()[step].command]
        owner = [str(os.getuid()) if word == "10001" else word for word in arguments]
        ended = subprocess.run(
            [str(images[image].app / "bin" / "python"), str(config_file(step)), *owner],
            env=images[image].environment({}),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{step}: {ended.stderr}"
    return ground


@pytest.mark.parametrize("name", NAMES)
def test_every_module_of_an_image_finds_what_it_imports(images: dict[str, Image], name: str) -> None:
    image = images[name]
    ended = subprocess.run(
        [
            str(image.app / "bin" / "python"),
            "-c",
            IMPORT_ALL,
            ",".join(EXTRA_ROOMS),
            "ipraktik_contracts",
            "ipraktik_chassis",
            f"ipraktik_{name}",
        ],
        env=image.environment({}),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("name", NAMES)
def test_an_image_holds_its_own_service_ready_to_run_and_nothing_that_installs(
    images: dict[str, Image], name: str
) -> None:
    files = images[name].files()
    packages = {path.parts[3] for path in files if path.parts[:1] == ("lib",) and len(path.parts) > 4}
    sources = {path for path in files if path.suffix == ".py" and path.parts[3].startswith("ipraktik_")}

    assert {one for one in packages if re.fullmatch(r"ipraktik_\w+", one)} == {
        "ipraktik_contracts",
        "ipraktik_chassis",
        f"ipraktik_{name}",
    }
    assert packages & {"pip", "uv", "setuptools", "hatchling", "pytest", "_pytest", "mypy"} == set()
    assert not [path for path in files if path.name.startswith("_editable_impl")]
    compiled = {
        path.parent.parent / f"{path.name.partition('.')[0]}.py" for path in files if path.suffix == ".pyc"
    }
    assert sources
    assert sources - compiled == set()


@pytest.mark.parametrize("name", NAMES)
def test_an_image_says_what_is_in_it_and_nothing_else_is(images: dict[str, Image], name: str) -> None:
    place = images[name].app / PLACE
    said = json.loads((place / BILL).read_text("utf-8"))
    listed = {one["name"] for one in said["components"] if one.get("purl", "").startswith("pkg:pypi/")}
    (site,) = images[name].app.glob("lib/python3*/site-packages")
    there = {re.sub(r"[-_.]+", "-", one.name).lower() for one in metadata.distributions(path=[str(site)])}

    assert listed | {"ipraktik-contracts", "ipraktik-chassis", f"ipraktik-{name}"} == there
    assert (place / LIST).read_text("utf-8").startswith(f"# Licences in innovationspraktik-{name} ")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_tree_or_of_this_environment_is_on_the_path(
    images: dict[str, Image], name: str
) -> None:
    ended = subprocess.run(
        [str(images[name].app / "bin" / "python"), "-c", "import sys; print(*sys.path, sep='\\n')"],
        env=images[name].environment({}),
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [Path(path) for path in ended.stdout.split() if path]

    assert [path for path in paths if ROOT in path.parents and images[name].app not in path.parents] == []
    assert [path for path in paths if images[name].app in path.parents] == [
        next(images[name].app.glob("lib/python3*/site-packages"))
    ]


def test_the_solver_in_its_image_is_compiled_and_what_compiled_it_stayed_behind(
    images: dict[str, Image],
) -> None:
    held = images["matching"].files()
    compiled = [path for path in held if path.parent.name == "network" and path.suffix == ".so"]

    assert sorted(path.name.partition(".")[0] for path in compiled) == (
        ["bids", "core", "paths", "scan"] if compiler() else []
    )
    for image in images.values():
        assert not any(
            "Cython" in path.parts or (path.suffix == ".c" and path.parent.name == "network")
            for path in image.files()
        )


def test_the_keys_belong_together_and_are_made_once(ground: Ground, images: dict[str, Image]) -> None:
    private, public = ground.keys / "private" / "link-private.pem", ground.keys / "public" / "link-public.pem"
    before = private.read_bytes(), public.read_bytes()
    runpy.run_path(str(config_file("link-keys")))["main"](private, public, owner=os.getuid())

    assert (private.read_bytes(), public.read_bytes()) == before
    assert private.stat().st_mode & 0o777 == 0o400
    coordinator = subprocess.run(
        images["notify"].command("ipraktik_notify", "mint-coordinator"),
        env=images["notify"].environment(ground.environment("notify")),
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert LinkVerifier(before[1]).coordinator(coordinator, now=SystemClock().now()).name == "coordinator"


@pytest.mark.parametrize("name", NAMES)
def test_a_container_migrates_becomes_ready_and_ends_when_told(
    images: dict[str, Image], ground: Ground, folder: Path, name: str
) -> None:
    image, container = images[name], containers()[name]
    before = image.files()
    migrated = subprocess.run(
        image.command(*containers()[f"{name}-migrate"].command),
        env=image.environment(ground.environment(f"{name}-migrate")),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert migrated.returncode == 0, migrated.stderr

    with running(image, *container.command, env=ground.environment(name), log=folder / f"{name}.log") as (
        process,
        ops,
    ):
        assert answer(ops, "/livez", process, folder / f"{name}.log") == "ok"
        assert json.loads(answer(ops, "/readyz", process, folder / f"{name}.log")) == {
            "ready": True,
            "reasons": {},
        }
        assert f'service="{name}"' in answer(ops, "/metrics", process, folder / f"{name}.log")
        process.send_signal(signal.SIGTERM)
        drain = service(name).settings.model_fields["drain_seconds"].default
        assert process.wait(drain + 10) == 0, (folder / f"{name}.log").read_text("utf-8")[-3000:]
    assert image.files() == before, "something was written into the image"


@cache
def read_only() -> tuple[str, ...]:
    """What stands before a command that is to find nothing writable, no folder for temporary files either.

    Empty where the kernel lets nobody but a container engine do that; then only what is left behind in the image is seen.
    """
    way = (
        "unshare",
        "--map-root-user",
        "--mount",
        "--propagation",
        "private",
        "/bin/sh",
        "-euc",
        READ_ONLY,
        "sh",
    )
    tried = subprocess.run([*way, "touch", "/tmp/written"], capture_output=True, check=False)  # noqa: S108 - it must fail
    return way if b"Read-only file system" in tried.stderr else ()


@contextmanager
def running(
    image: Image, *words: str, env: Mapping[str, str], log: Path
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The container's process, with ports that nobody else has; gone afterwards."""
    http, ops = reserve_port(), reserve_port()
    own = {"HTTP_PORT": str(http.number), "OPS_PORT": str(ops.number)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*read_only(), *image.command(*words)],
            env=image.environment({**env, **own}),
            cwd="/",
            stdout=out,
            stderr=out,
        )
    try:
        yield process, f"http://127.0.0.1:{ops.number}"
    finally:
        process.kill()
        process.wait()
        http.release()
        ops.release()


def answer(ops: str, path: str, process: subprocess.Popen[bytes], log: Path) -> str:
    """What the ops port says, once it says yes."""
    bound = time.monotonic() + 60
    while time.monotonic() < bound:
        assert process.poll() is None, log.read_text("utf-8")[-3000:]
        with suppress(OSError), urllib.request.urlopen(ops + path, timeout=5) as response:  # noqa: S310 - our own loopback address
            return str(response.read().decode())
        time.sleep(0.2)
    raise AssertionError(f"{path} did not answer 200 in time: {log.read_text('utf-8')[-3000:]}")
