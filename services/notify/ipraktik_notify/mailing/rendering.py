"""Texts from templates: one source per kind and language gives subject, plain text and HTML, so that both say the same.

A template has the blocks `subject`, `body` (paragraphs by blank lines, lists by `- `) and `button`, all plain text. It is filled
as plain text; only the finished paragraphs are put into HTML, escaped there. No value can become markup or a second header.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ipraktik_notify.domain import words

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
SUBJECT_LIMIT: Final = 78

_texts: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=False,  # noqa: S701 - plain text; the HTML frame escapes
    undefined=StrictUndefined,  # newlines stay as they are: blank lines are what parts paragraphs
)
_frame: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_texts.filters["genitive"] = lambda name: words.genitive(str(name))
_texts.filters["short"] = lambda text, limit=30: words.shortened(str(text), limit)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list where it has items."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's words."""

    subject: str
    text: str
    html: str


@cache
def _template(language: str, kind: str) -> Template:
    return _texts.get_template(f"{language}/{kind}.txt")


@cache
def _html() -> Template:
    return _frame.get_template("mail.html")


def render(
    *, kind: str, values: Mapping[str, Any], link: str | None, organiser: str, reply_to: str
) -> Rendered:
    """The words of a mail. Raises jinja2.UndefinedError where a template asks for what there is not."""
    language = values["language"]
    template = _template(language, kind)
    subject = words.shortened(words.sentence(_block(template, "subject", values)), SUBJECT_LIMIT)
    blocks = [
        _parsed(part)
        for part in re.split(r"\n\s*\n", _block(template, "body", values).strip())
        if part.strip()
    ]
    button = words.one_line(_block(template, "button", values)) if link else ""
    frame = {
        "language": language,
        "subject": subject,
        "greeting": _greeting(values["name"], language),
        "blocks": blocks,
        "button": button,
        "link": link or "",
        "organiser": organiser,
        "reply_to": reply_to,
        "footer": (_OWNERS_FOOTER if kind == "webhook_paused" else _FOOTER)[language],
        "closing": _CLOSING[language],
        "or_copy": _OR_COPY[language],
    }
    return Rendered(subject=subject, text=_as_text(frame, blocks), html=_html().render(frame))


_FOOTER: Final = {
    "da": "Du får mailen, fordi du er med i Innovationspraktik, eller fordi en, der er med, har skrevet dig på. "
    "Linket er kun til dig. Har du spørgsmål, så svar på mailen, eller skriv til",
    "en": "You get this mail because you take part in Innovationspraktik (the innovation internship programme), or because "
    "someone who does has put you down. The link is for you alone. If you have questions, reply or write to",
}
_OWNERS_FOOTER: Final = {
    "da": "Du får mailen, fordi din adresse står ved en webhook fra Innovationspraktik. Har du spørgsmål, så svar på mailen, eller "
    "skriv til",
    "en": "You get this mail because your address stands beside a webhook of Innovationspraktik (the innovation internship "
    "programme). If you have questions, reply or write to",
}
_CLOSING: Final = {"da": "Venlig hilsen", "en": "Kind regards"}
_OR_COPY: Final = {
    "da": "Virker knappen ikke, så kopiér adressen her:",
    "en": "If the button does not work, copy this address:",
}


def _greeting(name: str, language: str) -> str:
    hello = "Hello" if language == "en" else "Hej"
    return f"{hello} {name}" if name else hello


def _block(template: Template, name: str, values: Mapping[str, Any]) -> str:
    context = template.new_context(dict(values))
    return "".join(template.blocks[name](context))


def _parsed(part: str) -> Block:
    lines = [line.strip() for line in part.strip().splitlines() if line.strip()]
    if all(line.startswith("- ") for line in lines):
        return Block("", tuple(words.one_line(line[2:]) for line in lines))
    return Block(words.sentence(" ".join(lines)))


def _as_text(frame: Mapping[str, Any], blocks: list[Block]) -> str:
    parts = [frame["greeting"]]
    parts += [
        "\n".join(f"- {item}" for item in block.items) if block.items else block.text for block in blocks
    ]
    if frame["link"]:
        parts.append(f"{frame['button']}:\n{frame['link']}")
    parts.append(f"{frame['closing']}\n{frame['organiser']}")
    return "\n\n".join(parts) + f"\n\n-- \n{frame['footer']} {frame['reply_to']}.\n"
