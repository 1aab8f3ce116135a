"""The table of events in the README, between two markers that stay."""

from typing import Final

from ..registry import REGISTRY
from .text import sentence

COMMAND: Final = "python -m ipraktik_contracts.publish"
_BEGIN: Final = f"<!-- begin: made by `{COMMAND}` -->\n"
_END: Final = "<!-- end -->\n"


def readme_with_table(readme: str) -> str:
    """The README with its table made anew. Raises ValueError where the markers are gone."""
    before, found_begin, rest = readme.partition(_BEGIN)
    _, found_end, after = rest.partition(_END)
    if not found_begin or not found_end:
        raise ValueError(f"README.md lacks the lines {_BEGIN.strip()} and {_END.strip()}; put them back")
    return f"{before}{_BEGIN}{_table()}{_END}{after}"


def _table() -> str:
    lines = ["| event | key | said by | what it says |", "|---|---|---|---|"]
    topic = ""
    for entry in REGISTRY.values():
        if topic != entry.topic:
            topic = entry.topic
            lines.append(f"| **`{topic}`** ({entry.audience}) | | | |")
        lines.append(
            f"| {entry.name} | `{entry.ordering_key}` | {entry.owner} | {sentence(entry.event_class.__doc__)} |"
        )
    return "\n".join(lines) + "\n"
