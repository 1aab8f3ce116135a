"""The page of `make observe`: where the season is now, large; below it each change as a row, the newest first. It looks again by itself."""

import html
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ipraktik_local.watching.look import AGES, STEPS, Look

_LINKS: Final = {"alerts": "alerts", "targets": "processes", "rules": "rules", "graph": "ask it"}
_STYLE: Final = """
body { font: 15px/1.5 sans-serif; margin: 2rem; color: #1a1a1a }
h1 { font-size: 1.6rem; margin: 0 }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .5rem; margin: 1.5rem 0 }
dl div { border: 1px solid #bbb; border-radius: 4px; padding: .5rem .75rem }
dt { color: #555 }
dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums }
.quiet { background: #e6f4ea }
.firing { background: #fce8e6 }
p.quiet, p.firing { padding: .5rem .75rem; border-radius: 4px }
.scrolls { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; font-variant-numeric: tabular-nums }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left }
td:last-child { white-space: normal }
"""


def page(looks: Sequence[tuple[datetime, Look]], *, url: str) -> str:
    """The page; `looks` are in the order of time, `url` is Prometheus."""
    links = " · ".join(f'<a href="{url}/{path}">{name}</a>' for path, name in _LINKS.items())
    told = (
        _now(looks[-1][1]) + _table(looks)
        if looks
        else "<p>Nothing is counted yet. Start <code>make up</code> or <code>make demo</code> beside this.</p>"
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>A season passing through</title><style>{_STYLE}</style>"
        f"<h1>A season passing through</h1><p>Counted by each notify process since it began. Prometheus: {links}</p>{told}</html>\n"
    )


def _now(look: Look) -> str:
    figures = dict(zip(STEPS, map(str, look.steps), strict=True)) | {"mails": str(look.mails)}
    ages = zip(("oldest in outbox", "longest lag", "oldest parked"), look.ages, strict=True)
    figures |= {name: f"{age:.0f} s" for name, age in ages}
    boxes = "".join(f"<div><dt>{name}</dt><dd>{figure}</dd></div>" for name, figure in figures.items())
    alerts = (
        f'<p class="firing"><strong>Alerts:</strong> {_firing(look)}</p>'
        if look.firing
        else '<p class="quiet">No alert fires.</p>'
    )
    return f"<dl>{boxes}</dl>{alerts}"


def _table(looks: Sequence[tuple[datetime, Look]]) -> str:
    names = ["time, UTC", *STEPS, "mails", *(f"{name}, s" for name in AGES), "alerts"]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = []
    for at, look in reversed(looks):
        cells = [
            f"{at:%H:%M:%S}",
            *look.steps,
            look.mails,
            *(f"{age:.0f}" for age in look.ages),
            _firing(look),
        ]
        filled = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f'<tr class="firing">{filled}</tr>' if look.firing else f"<tr>{filled}</tr>")
    return f'<div class="scrolls"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _firing(look: Look) -> str:
    return html.escape(", ".join(look.firing)) or "none"
