"""The parts of an image, found where they lie, each with its licence; and whether that licence is one that we hand on.

Nothing is taken from a list alone: packages are read from their installed metadata, libraries and copied assets must be files that
are there, and a shared library or asset that no entry of licences.toml knows is a problem, not an omission.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Self

from license_expression import (  # type: ignore[import-untyped]  # published without types
    ExpressionError,
    ExpressionParseError,
    get_spdx_licensing,
)
from packaging.requirements import Requirement

from deploy.closure import TARGET, held_by

OURS: Final = "ipraktik-"
UNKNOWN: Final = "NOASSERTION"
CHASSIS: Final = "ipraktik_chassis"
IN_THE_TREE: Final = Path(__file__).resolve().parent.parent / "services" / "chassis" / CHASSIS
# of these only what was copied from elsewhere counts; our own lie beside them
_ASSETS: Final = {".ttf", ".woff2", ".otf", ".js", ".svg", ".css", ".png"}
_SPDX: Final = get_spdx_licensing()


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that somebody else made."""

    kind: str
    """platform, package, library or vendored"""
    name: str
    version: str
    licence: str
    ref: str
    purl: str = ""
    what: str = ""
    texts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """licences.toml."""

    allowed: frozenset[str]
    allowed_as_library: frozenset[str]
    read_elsewhere: Mapping[str, str]
    libraries: tuple[Mapping[str, Any], ...]
    vendored: tuple[Mapping[str, Any], ...]

    @classmethod
    def read(cls, file: Path) -> Self:
        """From the file."""
        said = tomllib.loads(file.read_text("utf-8"))
        return cls(
            frozenset(said["allowed"]),
            frozenset(said["allowed_as_library"]),
            said["read"],
            tuple(said["library"]),
            tuple(said["vendored"]),
        )


def parts_of(service: str, *, app: Path | None, terms: Terms) -> list[Part]:
    """Everything in an image's /app; without one, what of this interpreter's packages would be in it."""
    if app is None:
        distributions = {name: metadata.distribution(name) for name in held_by(service)}
        chassis = IN_THE_TREE
        python = ".".join(map(str, sys.version_info[:3]))
    else:
        (site,) = app.glob("lib/python3*/site-packages")
        distributions = {_plain(one.name): one for one in metadata.distributions(path=[str(site)])}
        chassis = site / CHASSIS
        python = re.findall(
            r"^version(?:_info)? = (\S+)$", (app / "pyvenv.cfg").read_text("utf-8"), re.MULTILINE
        )[0]
    theirs = {name: one for name, one in sorted(distributions.items()) if not name.startswith(OURS)}
    return [
        Part(
            "platform",
            "python",
            python,
            "PSF-2.0",
            f"pkg:generic/python@{python}",
            f"pkg:generic/python@{python}",
        ),
        *(_package(name, one, among=theirs, terms=terms) for name, one in theirs.items()),
        *(part for name, one in theirs.items() for part in _libraries(name, one, terms=terms)),
        *_vendored(chassis, terms=terms),
    ]


def unsettled(parts: Iterable[Part], *, terms: Terms) -> list[str]:
    """A sentence for each part that may not be handed on, or of which nobody knows whether it may."""
    found = []
    for part in parts:
        allowed = terms.allowed | (terms.allowed_as_library if part.kind == "library" else set())
        if part.licence == UNKNOWN:
            found.append(
                f"{part.name} {part.version}: its licence is unknown; find it and put it into deploy/licences.toml"
            )
        elif not is_allowed(part.licence, allowed=allowed):
            found.append(
                f"{part.name} {part.version}: {part.licence} is not among the allowed licences of deploy/licences.toml"
            )
    return found


def is_allowed(expression: str, *, allowed: Iterable[str]) -> bool:
    """Whether an SPDX expression can be fulfilled with allowed licences alone."""
    try:
        return _holds(_SPDX.parse(expression, validate=True), frozenset(allowed))
    except (ExpressionError, ExpressionParseError):
        return False


def _holds(node: Any, allowed: frozenset[str]) -> bool:
    if isinstance(node, _SPDX.AND):
        return all(_holds(one, allowed) for one in node.args)
    if isinstance(node, _SPDX.OR):
        return any(_holds(one, allowed) for one in node.args)
    return str(node) in allowed


def _package(
    name: str, found: metadata.Distribution, *, among: Mapping[str, metadata.Distribution], terms: Terms
) -> Part:
    said = _said(found, "License-Expression") or terms.read_elsewhere.get(name) or UNKNOWN
    needs = sorted({other for other in _needs(found) if other in among and other != name})
    texts = tuple(
        str(file)
        for file in found.files or ()
        if ".dist-info" in file.parts[0] and "licen" in str(file).lower()
    )
    return Part(
        "package",
        name,
        found.version,
        said,
        _purl(name, found.version),
        _purl(name, found.version),
        _said(found, "Summary"),
        texts,
        tuple(_purl(other, among[other].version) for other in needs),
    )


def _libraries(name: str, found: metadata.Distribution, *, terms: Terms) -> Iterator[Part]:
    """What lies in the folder for shared libraries that wheels are given; each file must be known."""
    for file in sorted(str(one) for one in found.files or () if one.parts[0].endswith(".libs")):
        known = next(
            (one for one in terms.libraries if one["package"] == name and Path(file).match(one["file"])), None
        )
        yield Part(
            "library",
            known["name"] if known else file,
            f"in {name} {found.version}",
            known["licence"] if known else UNKNOWN,
            f"{_purl(name, found.version)}#{file}",
        )


def _vendored(chassis: Path, *, terms: Terms) -> Iterator[Part]:
    manifest = (chassis / "static" / "dkfds" / "MANIFEST.txt").read_text("utf-8").splitlines()
    versions = dict(line.split(" ", 1) for line in manifest if "  " not in line)
    copied = {line.partition("  ")[2] for line in manifest if "  " in line}
    assets = {one for one in copied if Path(one).suffix in _ASSETS}
    for entry in terms.vendored:
        source = entry.get("with", entry["name"])
        files = {
            file
            for pattern in entry["files"]
            for file in assets
            if (chassis / file) in set(chassis.glob(pattern))
        }
        if not files:
            raise ValueError(f"deploy/licences.toml: nothing of {entry['name']} is in the chassis any more")
        assets -= files
        version, npm = versions[source], f"pkg:npm/{source}@{versions[source]}"
        own = "with" not in entry
        yield Part(
            "vendored",
            entry["name"],
            version if own else f"of {source} {version}",
            entry["licence"],
            npm if own else f"{npm}#{entry['name'].replace(' ', '-')}",
            npm if own else "",
            entry["what"],
            (f"{CHASSIS}/{entry['text']}",) if "text" in entry else (),
        )
    for file in sorted(assets):
        yield Part("vendored", file, "", UNKNOWN, f"{CHASSIS}/{file}")


def _needs(found: metadata.Distribution) -> Iterator[str]:
    for text in found.requires or ():
        needed = Requirement(text)
        if needed.marker is None or needed.marker.evaluate({**TARGET, "extra": ""}):
            yield _plain(needed.name)


def _said(found: metadata.Distribution, field: str) -> str:
    return str((found.metadata.get_all(field) or [""])[0])


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
