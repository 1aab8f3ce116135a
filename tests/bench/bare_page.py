"""What a page is held against: a Starlette route that fills a Jinja template of the same size, on the same server, with no database."""

from bench.bare_serving import served
from bench.part import Line
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

PATH = "/page"
ROWS = 20
_FIELDS = ("name", "place", "sector", "field", "offer")
_FRAME = """<!doctype html><html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<nav><ul>{% for text, href in menu %}<li><a href="{{ href }}">{{ text }}</a></li>{% endfor %}</ul></nav>
<main>{% block content %}{% endblock %}</main></body></html>"""
_PAGE = """{% extends "frame.html" %}{% block content %}<h1>{{ title }}</h1>
{% for row in rows %}<article><h2>{{ row.name }}</h2><p>{{ row.place }}, {{ row.sector }}, {{ row.field }}</p><p>{{ row.offer }}</p></article>
{% endfor %}<p>{{ filling }}</p>{% endblock %}"""


async def serve(line: Line, *, host: str, port: int, size: int) -> None:
    """Serve pages of about `size` bytes until told to stop."""
    templates = Environment(
        loader=DictLoader({"frame.html": _FRAME, "page.html": _PAGE}), autoescape=True, trim_blocks=True
    )
    page = templates.get_template("page.html")
    rows = [{name: f"{name} nr. {number} på siden" for name in _FIELDS} for number in range(ROWS)]
    menu = [(f"Punkt {number}", f"/sted/{number}") for number in range(8)]

    def rendered(filling: str) -> str:
        return page.render(language="da", title="En side", menu=menu, rows=rows, filling=filling)

    filling = "x" * max(0, size - len(rendered("").encode()))

    async def get(_: Request) -> Response:
        return HTMLResponse(rendered(filling))

    await served(line, Starlette(routes=[Route(PATH, get)]), host=host, port=port)
