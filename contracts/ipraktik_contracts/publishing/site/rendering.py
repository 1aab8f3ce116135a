"""From texts and templates to HTML. Escapes everything; the only markup that passes is what markdown or a template makes.

Tables get scopes, and a region that can be scrolled by keyboard; headings get ids; links become relative to their page.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from .addresses import NAVIGATION, relative, section_of

HERE: Final = Path(__file__).resolve().parent
_SCROLLED, _WIDE = 3, 4
"""From so many columns on, a table may need more room than a phone has; from so many on, it is given that room."""
_CAPTION: Final = "Table: "
"""A paragraph that begins so stands before a table and is its caption."""
_SPOKEN: Final = {
    "sh": "Commands",
    "json": "JSON",
    "python": "Python",
    "http": "HTTP",
    "text": "Text",
}


def slug(text: str) -> str:
    """An id made of a heading."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def text_file(name: str) -> str:
    """A text of the site, as written."""
    return (HERE / "texts" / name).read_text(encoding="utf-8")


def breakable(text: str, at: str = "_./[") -> Markup:
    """A long name that may break behind its joints and before the capitals within it, and nowhere else."""
    joints = re.escape(at)
    pieces = re.findall(rf"[^{joints}]*[{joints}]+|[^{joints}]+", text)
    return Markup("<wbr>").join(part for piece in pieces for part in re.split(r"(?<=[a-z])(?=[A-Z])", piece))


def prose(text: str, *, page: str) -> Markup:
    """Markdown as HTML for a page. Links in it are paths below the site."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    return Markup(parser.renderer.render(_dressed(tokens, page=page), parser.options, {}))  # noqa: S704 - html is off: markdown escapes what it does not make


def render(template: str, *, page: str, title: str, version: str, **context: Any) -> str:
    """A page made by a template."""
    made: str = _ENVIRONMENT.get_template(template).render(
        page=page,
        title=title,
        version=version,
        navigation=NAVIGATION,
        section=section_of(page),
        to=lambda target: relative(target, page=page),
        prose=lambda text: prose(text, page=page),
        **context,
    )
    return made.rstrip() + "\n"


def _dressed(tokens: Sequence[Token], *, page: str) -> list[Token]:
    made: list[Token] = []
    caption, in_body, first_in_row, left_out = "", False, False, range(0)
    for place, token in enumerate(tokens):
        if place in left_out:
            continue
        match token.type:
            case "heading_open":
                token.attrSet("id", slug(tokens[place + 1].content))
            case "paragraph_open" if tokens[place + 1].content.startswith(_CAPTION):
                caption = tokens[place + 1].content.removeprefix(_CAPTION)
                left_out = range(place, place + 3)
                continue
            case "table_open":
                columns = sum(one.type == "th_open" for one in tokens[place : _end_of_row(tokens, place)])
                made.append(_raw(_frame(caption, columns=columns)))
                made.append(token)
                made.append(_raw(f"<caption>{Markup.escape(caption)}</caption>\n"))
                continue
            case "table_close":
                made.append(token)
                made.append(_raw("</div>\n"))
                continue
            case "th_open":
                token.attrSet("scope", "col")
            case "tbody_open":
                in_body = True
            case "tbody_close":
                in_body = False
            case "tr_open":
                first_in_row = in_body
            case "td_open" if first_in_row:
                token.tag = "th"
                token.attrSet("scope", "row")
            case "td_close" if first_in_row:
                token.tag = "th"
                first_in_row = False
            case "fence":
                made.append(_raw(_block(token.content, spoken=_SPOKEN[token.info])))
                continue
            case "inline":
                for child in token.children or ():
                    if child.type == "link_open" and "://" not in str(child.attrGet("href")):
                        child.attrSet("href", relative(str(child.attrGet("href")), page=page))
            case _:
                pass
        made.append(token)
    return made


def _end_of_row(tokens: Sequence[Token], place: int) -> int:
    return next(at for at in range(place, len(tokens)) if tokens[at].type == "tr_close")


def _block(content: str, *, spoken: str) -> str:
    return f'<pre role="group" aria-label="{spoken}"><code>{Markup.escape(content)}</code></pre>\n'


def _frame(name: str, *, columns: int) -> str:
    """What a table stands in. One that may need it can be scrolled sideways, by keyboard too, and so it needs a name."""
    if columns < _SCROLLED:
        return '<div class="table">\n'
    wide = " wide" if columns >= _WIDE else ""
    return f'<div class="table scroll{wide}" role="region" tabindex="0" aria-label="{Markup.escape(name)}">\n'


def _raw(content: str) -> Token:
    return Token("html_block", "", 0, content=content)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["slug"] = slug
    made.filters["breakable"] = breakable
    return made


_ENVIRONMENT: Final = _environment()
