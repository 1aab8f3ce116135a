"""What an image would contain, as a plain folder: deploy/Dockerfile followed step by step without a container engine.

    python -m deploy.image_root SERVICE [--into FOLDER] [--version VERSION]      or: make image-root SERVICE=notify

What this shows: that each copied file is there and let through by .dockerignore, that the commands work in this order, and what
lies in /app in the end. What it cannot show: anything of the base images, and the final stage's RUN. Three things are different: absolute paths of
the recipe lie under the folder, `pip` is uv's, which has what `make setup` fetched, and a machine without a C compiler does without.

Invariant: a process started from here sees /app and the interpreter's own library, and nothing of the tree or of .venv.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DOCKERFILE: Final = ROOT / "deploy" / "Dockerfile"
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
UNRELEASED: Final = "unreleased"
_ABSOLUTE: Final = re.compile(r"(?<![\w./}])/(src|app|build)\b")
_PYTHON: Final = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
_PIP: Final = """\
#!/bin/sh
# pip --python INTERPRETER COMMAND ... becomes uv pip COMMAND --python INTERPRETER ...
test "$1" = --python || exit 64
interpreter=$2 command=$3
shift 3
exec {uv} pip "$command" --quiet --python "$interpreter" "$@"
"""


class NotFollowed(Exception):
    """A step of the recipe does not work."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, with its continuation lines joined."""

    word: str
    rest: str


@dataclass(slots=True)
class Stage:
    """One FROM and what follows it."""

    steps: list[Step] = field(default_factory=list)

    def rests(self, word: str) -> list[str]:
        """What stands behind each instruction of this name."""
        return [step.rest for step in self.steps if step.word == word]

    def env(self) -> dict[str, str]:
        """What ENV sets, as it is written."""
        return dict(pair.split("=", 1) for rest in self.rests("ENV") for pair in shlex.split(rest))


def stages() -> tuple[Stage, Stage, Stage]:
    """What comes before the first FROM, the builder, and what is run."""
    found = [Stage()]
    for step in _steps(DOCKERFILE.read_text("utf-8")):
        if step.word == "FROM":
            found.append(Stage())
        found[-1].steps.append(step)
    before, builder, final = found
    return before, builder, final


@dataclass(frozen=True, slots=True)
class Image:
    """What came out: /app in a folder, and how it is started."""

    service: str
    app: Path

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """What a container has: the image's own variables and those given, nothing of this machine's."""
        own = stages()[2].env()
        own["PATH"] = Template(own["PATH"]).substitute(PATH="/usr/bin:/bin").replace("/app", str(self.app))
        return {**own, "HOME": "/nonexistent", **settings}

    def command(self, *words: str) -> list[str]:
        """`docker run IMAGE words...`"""
        (entrypoint,) = stages()[2].rests("ENTRYPOINT")
        program, *fixed = shlex.split(entrypoint.strip("[]").replace(",", " "))
        return [str(self.app / "bin" / program), *fixed, *words]

    def files(self) -> set[Path]:
        """Everything that lies in /app."""
        return {path.relative_to(self.app) for path in self.app.rglob("*") if not path.is_dir()}


def follow(service: str, *, folder: Path, version: str = UNRELEASED) -> Image:
    """Carry out the builder's stage for a service. Raises NotFollowed with what the step had to say."""
    programs = folder / "programs"
    programs.mkdir(parents=True)
    _program(programs / "python", f'#!/bin/sh\nexec {shlex.quote(str(_PYTHON))} "$@"\n')
    uv = Path(sys.executable).with_name("uv")
    _program(programs / "pip", _PIP.format(uv=shlex.quote(str(uv))))
    # what reaches the package index from here (proxies, certificates), but nothing of the interpreter that runs this
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    env |= {
        "PATH": f"{programs}:/usr/bin:/bin",
        "SERVICE": service,
        "VERSION": version,
        "COMPILER": "optional",
    }
    here = folder
    for step in stages()[1].steps:
        if step.word == "ENV":
            env |= Stage([step]).env()
        elif step.word == "WORKDIR":
            here = Path(_under(folder, step.rest))
            here.mkdir(parents=True, exist_ok=True)
        elif step.word == "COPY":
            *sources, target = shlex.split(Template(step.rest).substitute(SERVICE=service))
            for source in sources:
                _copy(source, to=here / target, into=target.endswith("/"))
        elif step.word == "RUN":
            _run(_under(folder, step.rest), here=here, env=env)
    return Image(service, folder / "app")


def let_through(path: str) -> bool:
    """Whether .dockerignore lets a path of the tree into the build. The last pattern that fits it, or a folder of it, decides."""
    parts = Path(path).parts
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    through = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.strip()
        if pattern and not pattern.startswith("#"):
            fits = re.compile(_regular(pattern.removeprefix("!")))
            if any(fits.fullmatch(one) for one in above):
                through = pattern.startswith("!")
    return through


def _run(command: str, *, here: Path, env: Mapping[str, str]) -> None:
    ended = subprocess.run(
        ["/bin/sh", "-euc", command], cwd=here, env=env, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise NotFollowed(f"{command}\n{ended.stdout}{ended.stderr}")


def _steps(text: str) -> Iterator[Step]:
    whole = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", " ", whole).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield Step(word.upper(), rest.strip())


def _copy(source: str, *, to: Path, into: bool) -> None:
    origin = ROOT / source
    if not origin.exists():
        raise NotFollowed(f"COPY {source}: it is not in the tree")
    files = [origin] if origin.is_file() else [path for path in sorted(origin.rglob("*")) if path.is_file()]
    kept = [path for path in files if let_through(path.relative_to(ROOT).as_posix())]
    if not kept:
        raise NotFollowed(f"COPY {source}: .dockerignore leaves nothing of it")
    for path in kept:
        target = to / path.relative_to(origin) if origin.is_dir() else (to / path.name if into else to)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def _under(folder: Path, text: str) -> str:
    return _ABSOLUTE.sub(rf"{folder}/\1", text)


def _regular(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*)", pattern)
    return "".join({"**/": "(?:.*/)?", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts)


def _program(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def main(arguments: list[str]) -> int:
    """Build, start once, say where it is; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.image_root", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument(
        "--into", type=Path, help="an own folder, replaced whole (default: .local/image-root/SERVICE)"
    )
    parser.add_argument("--version", default=UNRELEASED)
    wanted = parser.parse_args(arguments)
    folder: Path = (wanted.into or ROOT / ".local" / "image-root" / wanted.service).resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / "app").is_dir():
        sys.stderr.write(f"{folder} holds something else; name an empty folder\n")
        return 2
    shutil.rmtree(folder, ignore_errors=True)
    try:
        image = follow(wanted.service, folder=folder, version=wanted.version)
        _run(
            shlex.join(image.command(f"ipraktik_{image.service}", "--help")),
            here=Path("/"),
            env=image.environment({}),
        )
    except NotFollowed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    size = sum((image.app / path).lstat().st_size for path in image.files()) / 2**20
    sys.stdout.write(f"{image.app}\t{len(image.files())} files, {size:.0f} MiB\n")
    sys.stdout.write(f"start: {shlex.join(image.command(f'ipraktik_{image.service}', 'serve'))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
