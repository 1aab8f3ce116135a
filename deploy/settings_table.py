"""`.venv/bin/python deploy/settings_table.py`: write the table of settings in docs/operations/settings.md, from the settings themselves.

A test holds that the table is current, so a setting cannot come, go or change its default without the operators' page.
"""

import re
import sys
from pathlib import Path
from typing import Any, Final

from ipraktik_chassis.composition import imported
from ipraktik_chassis.settings import Settings

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "operations" / "settings.md"
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
MARKS: Final = ("<!-- settings: written by deploy/settings_table.py -->\n", "<!-- end of settings -->")
SAID_HERE: Final = {
    "http_host": "Address that `serve` listens on; 0.0.0.0 in an image.",
    "http_port": "Port that `serve` listens on.",
    "ops_host": "Address of the ops port; 0.0.0.0 in an image.",
    "ops_port": "Port for probes and metrics.",
    "log_level": "DEBUG, INFO, WARNING or ERROR.",
    "organiser_name": "The organiser's name as people read it.",
    "organiser_email": "Where people can write to.",
    **{
        f"{service}_public_url": f"What links to {service} begin with; behind one gateway the same for all."
        for service in SERVICES
    },
}
"""For settings that do not describe themselves."""


def settings_of(service: str) -> type[Settings]:
    """The class of a service's settings."""
    found: type[Settings] = imported(f"ipraktik_{service}.main:SERVICE").settings
    return found


def table() -> str:
    """The table, settings of every service first, then each service's own."""
    rows = ["| name | of | default | |", "|---|---|---|---|"]
    rows += [_row(name, field, of="all") for name, field in Settings.model_fields.items()]
    for service in SERVICES:
        rows += [
            _row(name, field, of=service)
            for name, field in settings_of(service).model_fields.items()
            if name not in Settings.model_fields
        ]
    return "\n".join(rows) + "\n"


def page_with(table: str, *, page: str) -> str:
    """The page with this table between the marks."""
    begin, end = MARKS
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"{PAGE.name} has lost its marks; put back {begin.strip()} and {end}")
    return pattern.sub(lambda _: f"{begin}{table}{end}", page)


def _row(name: str, field: Any, *, of: str) -> str:
    if field.is_required():
        default = "**required**"
    elif field.default is None or field.default == "":
        default = "none"
    else:
        default = f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
    meaning = " ".join(filter(None, [field.description or SAID_HERE[name], _bounds(field)]))
    return f"| `{name.upper()}` | {of} | {default} | {meaning.replace('|', chr(92) + '|')} |"


def _bounds(field: Any) -> str:
    low = next((one.ge for one in field.metadata if hasattr(one, "ge")), None)
    high = next((one.le for one in field.metadata if hasattr(one, "le")), None)
    return "" if low is None or high is None or high == 65535 else f"From {low:g} to {high:g}."


if __name__ == "__main__":
    PAGE.write_text(page_with(table(), page=PAGE.read_text("utf-8")), "utf-8")
    sys.exit(0)
