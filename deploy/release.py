"""A release in the manifests: which version of the four images an environment runs, each by its digest.

    python -m deploy.release write 1.2.0 --env prod pushed.txt     put version and digests into overlays/prod/<service>
    python -m deploy.release check --env prod                      refuse what is no whole release (exit status 1)

`pushed.txt` is what pushing the four images printed: references with a digest (NAME@sha256:...), or `docker push`'s own lines. An
overlay that is open has the tag `unreleased` and no digest; nothing here ever makes a digest up.
Invariants: all four or none are written; everything else in a file stays as it is.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parent.parent
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
OPEN: Final = "unreleased"
VERSION_LABEL: Final = "app.kubernetes.io/version"
# What comes after a hyphen ends the name of a Job: small letters and digits, no dot, and no more than there is room for.
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:-[a-z0-9]{1,12})?")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_REFERENCE: Final = re.compile(
    r"(?<![\w./:-])([\w.-]+(?::\d+)?(?:/[\w.-]+)+)(?::[\w.-]+)?@(sha256:[0-9a-f]{64})(?![0-9a-f])"
)
_PUSHED_TO: Final = re.compile(r"The push refers to repository \[([^\]\s]+)\]")
_PUSHED: Final = re.compile(r"^\s*\S+: digest: (sha256:[0-9a-f]{64}) size: \d+", re.MULTILINE)


class NoRelease(Exception):
    """What was given, or what stands there, is not a whole release; the text says what to do, a line each."""


def image_name(service: str) -> str:
    """What the bases call a service's image."""
    return f"innovationspraktik-{service}"


def pushed(text: str) -> dict[str, tuple[str, str]]:
    """Repository and digest of each service, from what pushing printed. Raises NoRelease."""
    references = _REFERENCE.findall(text)
    to = [(found.start(), found[1]) for found in _PUSHED_TO.finditer(text)]
    for line in _PUSHED.finditer(text):
        before = [name for start, name in to if start < line.start()]
        if before:
            references.append((before[-1], line[1]))
    said: dict[str, set[tuple[str, str]]] = {}
    for repository, digest in references:
        service = next(
            (one for one in SERVICES if repository.rpartition("/")[2] in (one, image_name(one))), None
        )
        if service:
            said.setdefault(service, set()).add((repository, digest))
    wrong = [
        f"{service}: no digest is named; push {image_name(service)}"
        for service in SERVICES
        if service not in said
    ]
    wrong += [
        f"{service}: {len(found)} digests are named; keep the one of this release"
        for service, found in said.items()
        if len(found) > 1
    ]
    found = {service: next(iter(one)) for service, one in said.items()}
    wrong += _digests_that_cannot_be({service: digest for service, (_, digest) in found.items()})
    if wrong:
        raise NoRelease("\n".join(wrong))
    return found


def write(version: str, *, env: str, images: Mapping[str, tuple[str, str]], root: Path = ROOT) -> list[Path]:
    """Put a release into an environment's overlays; returns the files. Raises NoRelease before anything is written."""
    if not _VERSION.fullmatch(version):
        raise NoRelease(f"{version}: give the version as 1.2.3 or 1.2.3-rc1")
    changed: dict[Path, str] = {}
    for service in SERVICES:
        file = overlay(service, env=env, root=root)
        yaml, document = _read(file)
        entry = _entry(document, service, file=file)
        repository, digest = images[service]
        entry |= {"newName": repository, "newTag": version, "digest": digest}
        for pairs in _labels(document):
            pairs[VERSION_LABEL] = version
        out = StringIO()
        yaml.dump(document, out)
        changed[file] = out.getvalue()
    for file, text in changed.items():
        file.write_text(text, "utf-8")
    return list(changed)


def wrong_with(*, env: str, version: str | None = None, root: Path = ROOT) -> list[str]:
    """Why an environment's overlays are no whole release, a sentence each; of `version` where one is named."""
    found: list[str] = []
    tags: dict[str, str] = {}
    digests: dict[str, str] = {}
    for service in SERVICES:
        try:
            _, document = _read(file := overlay(service, env=env, root=root))
            entry = _entry(document, service, file=file)
        except NoRelease as error:
            found.append(str(error))
            continue
        tag, digest = str(entry.get("newTag", OPEN)), entry.get("digest")
        if tag == OPEN or not digest:
            found.append(
                f"{service}: no image is named yet in overlays/{env}; run `python -m deploy.release write`"
            )
            continue
        tags[service], digests[service] = tag, str(digest)
        found += [
            f"{service}: the image is {tag} and {VERSION_LABEL} says {pairs[VERSION_LABEL]}; write the release anew"
            for pairs in _labels(document)
            if str(pairs[VERSION_LABEL]) != tag
        ]
    found += _digests_that_cannot_be(digests)
    if len(set(tags.values())) > 1:
        said = ", ".join(f"{service} {tag}" for service, tag in tags.items())
        found.append(f"the versions differ ({said}); a release is of all four")
    for tag in sorted(set(tags.values())):
        if not _VERSION.fullmatch(tag):
            found.append(f"{tag}: not a version such as 1.2.3 or 1.2.3-rc1")
        elif version and tag != version:
            found.append(f"overlays/{env} run {tag}, not {version}")
        if not _has_section(tag, changelog=(root / "CHANGELOG.md").read_text("utf-8")):
            found.append(
                f"CHANGELOG.md has no section `## {tag}` with something in it; say what changes for whom"
            )
    return found


def overlay(service: str, *, env: str, root: Path) -> Path:
    """Where a service's image is named."""
    return root / "deploy" / "k8s" / "overlays" / env / service / "kustomization.yaml"


def _digests_that_cannot_be(digests: Mapping[str, str]) -> list[str]:
    found = [
        f"{service}: {digest} is no digest that a registry gives"
        for service, digest in digests.items()
        if not _DIGEST.fullmatch(digest) or len(set(digest.removeprefix("sha256:"))) < 4
    ]
    for service, digest in digests.items():
        others = [other for other in digests if other != service and digests[other] == digest]
        if others and service < others[0]:
            found.append(f"{service} and {others[0]} have the same digest; they are different images")
    return found


def _read(file: Path) -> tuple[YAML, Any]:
    if not file.is_file():
        raise NoRelease(f"{file.parent.name}: {file.name} is missing in overlays/{file.parent.parent.name}")
    text = file.read_text("utf-8")
    # as the file indents its lists, so that what is not changed stays as it is
    ways = [_written_with(text, sequence=sequence, offset=offset) for sequence, offset in ((4, 2), (2, 0))]
    yaml, document, _ = next((way for way in ways if way[2] == text), ways[0])
    return yaml, document


def _written_with(text: str, *, sequence: int, offset: int) -> tuple[YAML, Any, str]:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=sequence, offset=offset)
    document = yaml.load(text)
    yaml.dump(document, out := StringIO())
    return yaml, document, out.getvalue()


def _entry(document: Any, service: str, *, file: Path) -> Any:
    found = [one for one in document.get("images") or () if one.get("name") == image_name(service)]
    if len(found) != 1:
        raise NoRelease(
            f"{service}: {file.parent.parent.name}/{service} must name {image_name(service)} once under `images`"
        )
    return found[0]


def _labels(document: Any) -> Iterable[Any]:
    return [one["pairs"] for one in document.get("labels") or () if VERSION_LABEL in one.get("pairs", {})]


def _has_section(version: str, *, changelog: str) -> bool:
    parts = re.split(
        rf"^## \[?{re.escape(version)}\]?(?=\s|$)[^\n]*$", changelog, maxsplit=1, flags=re.MULTILINE
    )
    return len(parts) == 2 and bool(parts[1].partition("\n## ")[0].strip())


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m deploy.release", description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write", help="put a release into an environment's overlays")
    writing.add_argument("version")
    writing.add_argument(
        "file",
        help="what pushing printed; - reads it from the pipe",
    )
    checking = commands.add_parser("check", help="refuse what is no whole release")
    checking.add_argument("version", nargs="?")
    for one in (writing, checking):
        one.add_argument("--env", required=True, help="the environment, such as prod")
        one.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    try:
        if wanted.command == "write":
            images = pushed(_said(wanted.file))
            for file in write(wanted.version, env=wanted.env, images=images, root=wanted.root):
                sys.stdout.write(f"{file.relative_to(wanted.root)}\n")
            return 0
        wrong = wrong_with(env=wanted.env, version=wanted.version, root=wanted.root)
    except NoRelease as error:
        wrong = str(error).splitlines()
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


def _said(file: str) -> str:
    """What pushing printed. Raises NoRelease where it cannot be read."""
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise NoRelease(
            f"{file} cannot be read: {why}. Name what pushing wrote, or - for the pipe."
        ) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
