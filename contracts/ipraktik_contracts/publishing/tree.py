"""All generated files by their path below `contracts/`, and the folders that hold nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..events.event import MAJOR
from ..examples import example_envelopes
from ..headers import headers_schema
from ..lifecycle import LIFECYCLES
from ..registry import EVENT_CLASSES
from ..schemas import VIEWS, schema_of
from .asyncapi import asyncapi_document
from .drawing import drawing_of
from .mermaid import mermaid_of
from .readme import readme_with_table
from .records import example_document, structured_example
from .registry_facts import registry_facts
from .text import json_text

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("schemas", "examples", "asyncapi", "diagrams")


class SiteNeedsMore(Exception):
    """The site's extra packages are not installed. `str()` says what to install."""


def documents() -> dict[str, str]:
    """Every generated file but the site and the README: its path and its text."""
    made = {"registry.json": json_text(registry_facts())}
    for view, folder in zip(VIEWS, ("schemas", "schemas/readers"), strict=True):
        for event_class in EVENT_CLASSES:
            made[f"{folder}/{event_class.__name__}.v{MAJOR}.json"] = json_text(
                schema_of(event_class, view=view)
            )
        made[f"{folder}/Headers.v{MAJOR}.json"] = json_text(headers_schema(view=view))
    for event in example_envelopes():
        name = f"{type(event.data).__name__}.v{MAJOR}.json"
        made[f"examples/{name}"] = json_text(example_document(event))
        made[f"examples/structured/{name}"] = json_text(structured_example(event))
    made["asyncapi/innovationspraktik.json"] = json_text(asyncapi_document(audience="public"))
    made["asyncapi/internal.json"] = json_text(asyncapi_document(audience="internal"))
    for lifecycle in LIFECYCLES:
        made[f"diagrams/{lifecycle.aggregate}.mmd"] = mermaid_of(lifecycle)
        made[f"diagrams/{lifecycle.aggregate}.svg"] = drawing_of(lifecycle)
    return made


def site_documents() -> dict[str, str]:
    """The site below `site/`. Raises SiteNeedsMore without the packages of the extra `docs`."""
    try:
        from .site import site_files  # the package works without the site's packages
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("ipraktik_contracts"):
            raise
        raise SiteNeedsMore(
            f"the site was left out: {missing.name} is not installed; run `pip install 'ipraktik-contracts[docs]'`"
        ) from missing
    return {f"site/{path}": text for path, text in site_files().items()}


def stale(root: Path, wanted: Mapping[str, str]) -> list[str]:
    """What below `root` is not as wanted: to be written, or to be removed."""
    folders = {path.partition("/")[0] for path in wanted if "/" in path}
    wrong = [path for path, text in wanted.items() if _read(root / path) != text]
    wrong += [path for path in _present(root, folders) if path not in wanted]
    readme = _read(root / "README.md") or ""
    if readme_with_table(readme) != readme:
        wrong.append("README.md")
    return sorted(wrong)


def write(root: Path, wanted: Mapping[str, str]) -> list[str]:
    """Bring the files below `root` up to date; returns what was changed."""
    changed = stale(root, wanted)
    for path in changed:
        target = root / path
        if path == "README.md":
            target.write_text(readme_with_table(target.read_text(encoding="utf-8")), encoding="utf-8")
        elif path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], encoding="utf-8")
        else:
            target.unlink()
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _present(root: Path, folders: set[str]) -> list[str]:
    return [
        path.relative_to(root).as_posix()
        for folder in sorted(folders)
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    ]
