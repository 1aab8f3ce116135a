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

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, meta

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


def values_used(kind: str, language: str) -> set[str]:
    """The names of the values that a template asks for, in whatever case."""
    source = (TEMPLATES / language / f"{kind}.txt").read_text("utf-8")
    return meta.find_undeclared_variables(_texts.parse(source))


def render(
    *,
    kind: str,
    values: Mapping[str, Any],
    link: str | None,
    organiser: str,
    reply_to: str,
    privacy: str,
) -> Rendered:
    """The words of a mail. `privacy` is the address of the page about personal data. Raises jinja2.UndefinedError where a template asks for what there is not."""
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
        "footer": _footer(values, link=link, organiser=organiser, reply_to=reply_to),
        "privacy": privacy,
        "privacy_words": _PRIVACY[language],
        "closing": _CLOSING[language],
        "or_copy": _OR_COPY[language],
    }
    return Rendered(subject=subject, text=_as_text(frame, blocks), html=_html().render(frame))


_FOOTER: Final = {
    "da": "Du får mailen, fordi {why}. {organiser} står for Innovationspraktik og har ansvaret for dine oplysninger. Svar på mailen, "
    "eller skriv til {reply_to}, hvis du har spørgsmål.",
    "en": "You get this mail because {why}. {organiser} runs Innovationspraktik (the innovation internship programme) and is "
    "responsible for your details. Reply, or write to {reply_to}, if you have questions.",
}
_ONLY_YOU: Final = {
    "da": "Linket er kun til dig. Send det ikke videre.",
    "en": "The link is for you alone. Do not forward it.",
}
_PRIVACY: Final = {"da": "Sådan passer vi på dine oplysninger", "en": "How we look after your details"}
_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    "self": {
        "da": "du er med i Innovationspraktik eller er ved at tilmelde dig",
        "en": "you take part in Innovationspraktik or are signing up",
    },
    "manager": {
        "da": "en medarbejder har skrevet dig på som sin nærmeste leder",
        "en": "an employee has put you down as their nearest manager",
    },
    "reserve": {
        "da": "din arbejdsplads er vært og har skrevet dig på som reserve",
        "en": "your workplace is a host and has put you down as reserve",
    },
    "invited": {
        "da": "en deltager har skrevet din e-mail i sin tilmelding",
        "en": "a participant has written your e-mail in their sign-up",
    },
    "coordinator": {
        "da": "din e-mail er en af koordinatorernes",
        "en": "your address is one of the coordinators'",
    },
    "owner": {
        "da": "din e-mail står ved en webhook",
        "en": "your address stands beside a webhook",
    },
}
"""Why somebody gets a mail, by their relation to the programme."""
_CLOSING: Final = {"da": "Venlig hilsen", "en": "Kind regards"}
_OR_COPY: Final = {
    "da": "Virker knappen ikke, så kopiér adressen her:",
    "en": "If the button does not work, copy this address:",
}


def _footer(values: Mapping[str, Any], *, link: str | None, organiser: str, reply_to: str) -> str:
    """The one foot of all mails: why, who writes, whose the data are, how to reach us, and that a personal link is personal."""
    language = values["language"]
    why = _WHY.get(values["relation"], _WHY["self"])[language]
    text = _FOOTER[language].format(why=why, organiser=organiser, reply_to=reply_to)
    return f"{_ONLY_YOU[language]} {text}" if link and "?t=" in link else text


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
    foot = f"-- \n{frame['footer']}\n{frame['privacy_words']}: {frame['privacy']}"
    return "\n\n".join([*parts, foot]) + "\n"
