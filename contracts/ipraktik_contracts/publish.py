"""`python -m ipraktik_contracts.publish` writes what is generated from the events: schemas, examples, the table in the README.

Deterministic, so that a test can tell whether what is committed is what the classes say. Files of events that are gone are removed.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from .envelope import CloudEvent, encode
from .events.event import MAJOR
from .examples import example_envelopes
from .registry import EVENT_CLASSES
from .schemas import schema_of

COMMAND: Final = "python -m ipraktik_contracts.publish"
ROOT: Final = Path(__file__).resolve().parent.parent
_BEGIN: Final = f"<!-- begin: made by `{COMMAND}` -->\n"
_END: Final = "<!-- end -->\n"
_FOLDERS: Final = ("schemas", "examples")


def documents() -> dict[str, str]:
    """Every generated file: its path below `contracts/` and its text."""
    made: dict[str, str] = {}
    for event_class in EVENT_CLASSES:
        name = f"{event_class.__name__}.v{MAJOR}.json"
        made[f"schemas/{name}"] = _text(schema_of(event_class, view="producers"))
        made[f"schemas/readers/{name}"] = _text(schema_of(event_class, view="readers"))
    for event in example_envelopes():
        made[f"examples/{type(event.data).__name__}.v{MAJOR}.json"] = _text(example_document(event))
    return made


def example_document(event: CloudEvent) -> dict[str, Any]:
    """An event as a record: headers as text, body as JSON."""
    record = encode(event)
    return {
        "topic": record.topic,
        "key": record.key.decode(),
        "headers": {name: value.decode() for name, value in record.headers},
        "body": json.loads(record.value),
    }


def readme_with_table(readme: str) -> str:
    """The README with its table of events made anew. Raises ValueError where the markers are gone."""
    before, found_begin, rest = readme.partition(_BEGIN)
    _, found_end, after = rest.partition(_END)
    if not found_begin or not found_end:
        raise ValueError(f"README.md lacks the lines {_BEGIN.strip()} and {_END.strip()}; put them back")
    return f"{before}{_BEGIN}{_table()}{_END}{after}"


def stale(root: Path) -> list[str]:
    """What below `root` is not as the classes say: to be written, or to be removed."""
    wanted = documents()
    wrong = [path for path, text in wanted.items() if _read(root / path) != text]
    wrong += [path for path in _present(root) if path not in wanted]
    readme = _read(root / "README.md") or ""
    if readme_with_table(readme) != readme:
        wrong.append("README.md")
    return sorted(wrong)


def publish(root: Path) -> list[str]:
    """Bring the files below `root` up to date; returns what was changed."""
    changed = stale(root)
    wanted = documents()
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


def main(arguments: list[str] | None = None) -> int:
    """Write, or with --check only say; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Write schemas, examples and the README's table."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; status 1 where something is stale"
    )
    parser.add_argument(
        "--into", type=Path, default=ROOT, help="the folder with README.md; else the checkout"
    )
    chosen = parser.parse_args(arguments)
    root: Path = chosen.into
    if not (root / "README.md").exists():
        sys.stderr.write(
            "README.md is not there; run this in a checkout or name its contracts folder with --into\n"
        )
        return 2
    changed = stale(root) if chosen.check else publish(root)
    for path in changed:
        sys.stdout.write(f"{'stale' if chosen.check else 'written'}: {path}\n")
    return 1 if chosen.check and changed else 0


def _table() -> str:
    lines = ["| event | key | said by | what it says |", "|---|---|---|---|"]
    topic = ""
    for event_class in EVENT_CLASSES:
        if topic != event_class.TOPIC:
            topic = event_class.TOPIC
            lines.append(f"| **`{topic}`** ({event_class.AUDIENCE}) | | | |")
        said = " ".join((event_class.__doc__ or "").split())
        lines.append(f"| {event_class.__name__} | `{event_class.KEY}` | {event_class.OWNER} | {said} |")
    return "\n".join(lines) + "\n"


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _present(root: Path) -> list[str]:
    return [
        path.relative_to(root).as_posix()
        for folder in _FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    ]


if __name__ == "__main__":
    sys.exit(main())
