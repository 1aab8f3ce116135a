"""`python -m ipraktik_local.watching.dashboards`: write deploy/monitoring/dashboards/*.json from the descriptions in `boards.py`.

What a reviewer reads is the description: a row, its panels, one expression a line. The JSON is what Grafana wants around it. A test holds
that the files are current, use exported metrics only and keep the eight rules of dashboard-linter.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[4]
FOLDER: Final = ROOT / "deploy" / "monitoring" / "dashboards"
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_WIDTH: Final = 24
_HEIGHT: Final = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One expression and what its lines are called. `$SEL` stands for what the variables choose, `$BY` for the service alone."""

    expression: str
    legend: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph, or a number (`kind` stat, gauge, heatmap); `unit` is Grafana's word for it."""

    title: str
    says: str
    unit: str
    lines: Sequence[Line]
    kind: str = "timeseries"
    width: int = 8


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One page. `services`: which the reader may choose; one alone is no choice."""

    uid: str
    title: str
    says: str
    services: Sequence[str]
    rows: Sequence[Row]
    links: Sequence[tuple[str, str]] = ()


def document(board: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana imports it."""
    return {
        "uid": f"innovationspraktik-{board.uid}",
        "title": board.title,
        "description": board.says,
        "tags": ["innovationspraktik"],
        "editable": False,
        "graphTooltip": 1,
        "schemaVersion": 39,
        "version": 1,
        "timezone": "utc",
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": _variables(board)},
        "links": [
            {"type": "dashboards", "title": "The others", "tags": ["innovationspraktik"], "asDropdown": True},
            *(
                {"type": "link", "title": title, "url": url, "targetBlank": True}
                for title, url in board.links
            ),
        ],
        "panels": list(_panels(board)),
    }


def text(board: Dashboard) -> str:
    """The file."""
    return json.dumps(document(board), indent=1) + "\n"


def _variables(board: Dashboard) -> list[dict[str, Any]]:
    chosen = "|".join(board.services)

    def asked(name: str, query: str) -> dict[str, Any]:
        return {
            "name": name,
            "label": name,
            "type": "query",
            "datasource": _SOURCE,
            "query": {"query": query, "refId": name},
            "refresh": 2,
            "sort": 1,
            "multi": True,
            "includeAll": True,
            "allValue": ".*",
            "current": {"text": ["All"], "value": ["$__all"]},
        }

    of = f'innovationspraktik_build_info{{service=~"{chosen}"'
    return [
        {
            "name": "datasource",
            "label": "Data source",
            "type": "datasource",
            "query": "prometheus",
            "current": {"text": "default", "value": "default"},
        },
        asked("namespace", f"label_values({of}}}, namespace)"),
        asked("service", f'label_values({of}, namespace=~"$namespace"}}, service)'),
        asked("job", f'label_values({of}, service=~"$service"}}, job)'),
        asked("instance", f'label_values({of}, service=~"$service", job=~"$job"}}, instance)'),
    ]


def _panels(board: Dashboard) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    below = 0
    for row in board.rows:
        made.append(
            {
                "id": len(made) + 1,
                "type": "row",
                "title": row.title,
                "collapsed": False,
                "panels": [],
                "gridPos": {"h": 1, "w": _WIDTH, "x": 0, "y": below},
            }
        )
        below += 1
        across = 0
        for panel in row.panels:
            if across + panel.width > _WIDTH:
                across, below = 0, below + _HEIGHT
            place = {"h": _HEIGHT, "w": panel.width, "x": across, "y": below}
            made.append(_panel(panel, number=len(made) + 1, place=place))
            across += panel.width
        below += _HEIGHT
    return made


def _panel(panel: Panel, *, number: int, place: dict[str, int]) -> dict[str, Any]:
    field = {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []}
    made: dict[str, Any] = {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.says,
        "datasource": _SOURCE,
        "gridPos": place,
        "fieldConfig": field,
        "targets": [
            {
                "refId": chr(ord("A") + place_of),
                "datasource": _SOURCE,
                "expr": expression(line.expression),
                "legendFormat": line.legend,
                "format": "heatmap" if panel.kind == "heatmap" else "time_series",
                "instant": panel.kind == "stat",
                "range": panel.kind != "stat",
            }
            for place_of, line in enumerate(panel.lines)
        ],
    }
    if panel.kind == "timeseries":
        made["options"] = {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    elif panel.kind == "stat":
        made["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "textMode": "value_and_name"}
    return made


def expression(written: str) -> str:
    """The expression with the reader's choice in it."""
    by = 'namespace=~"$namespace", service=~"$service"'
    return written.replace("$SEL", f'{by}, job=~"$job", instance=~"$instance"').replace("$BY", by)


def main() -> None:
    """Write all."""
    from ipraktik_local.watching.boards import BOARDS

    FOLDER.mkdir(parents=True, exist_ok=True)
    for board in BOARDS:
        (FOLDER / f"{board.uid}.json").write_text(text(board), "utf-8")


if __name__ == "__main__":
    main()
