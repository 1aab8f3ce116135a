"""The English of the pages: what is missing, what nobody says any more, and room for what is new.

    python deploy/texts.py missing [SERVICE…]              list what has no English, or odd placeholders; exit 1 if anything
    python deploy/texts.py add SERVICE AREA PATTERN…       add empty entries for texts of those files to locale/en/AREA.po
    python deploy/texts.py tidy [SERVICE…]                 drop entries that nothing says any more, sort the rest

SERVICE is chassis, registration, matching, notify or evaluation; PATTERN is a glob below the package, such as 'web/desk/**'.
A text is written in Danish where it is said: `_("…")`, `N_("…")`, `say("…")`, `say.many("…", "…", n)`, `{% trans %}`.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

HERE: Final = Path(__file__).resolve().parent
SERVICES: Final = HERE.parent / "services"
NAMES: Final = ("chassis", "registration", "matching", "notify", "evaluation")
Text = str | tuple[str, str]
_MARKS: Final = {"_", "N_", "say", "gettext"}
_BRACES: Final = re.compile(r"\{(\w*)[^{}]*\}|%\((\w+)\)[sd]")


def package(service: str) -> Path:
    """Where the service's package lies."""
    return SERVICES / service / f"ipraktik_{service}"


def texts_in(file: Path) -> Iterator[Text]:
    """The texts that a source file says."""
    if file.suffix == ".py":
        yield from _in_python(ast.parse(file.read_text("utf-8")))
        return
    with file.open("rb") as opened:
        options = {"trimmed": "true", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
        for _, function, message, _ in babel_extract(opened, ["_", "gettext", "ngettext"], [], options):
            if function == "ngettext" and isinstance(message, tuple):
                yield (message[0] or "", message[1] or "")
            elif isinstance(found := message[0] if isinstance(message, tuple) else message, str):
                yield found
        opened.seek(0)
    for call in _MANY.finditer(file.read_text("utf-8")):
        yield (_unquoted(call[1]), _unquoted(call[2]))
    for call in _SAID.finditer(file.read_text("utf-8")):
        yield _unquoted(call[1])


_STRING: Final = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_MANY: Final = re.compile(r"\bsay\.many\(\s*" + _STRING + r"\s*,\s*" + _STRING)
_SAID: Final = re.compile(r"\bsay\(\s*" + _STRING)


def _unquoted(literal: str) -> str:
    return str(ast.literal_eval(literal))


def _in_python(tree: ast.AST) -> Iterator[Text]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if name == "many" and len(words) >= 2:
            yield (words[0], words[1])
        elif name in _MARKS and words and isinstance(node.args[0], ast.Constant):
            yield words[0]


def said(service: str, patterns: Sequence[str] = ("**",)) -> dict[Text, str]:
    """Every text of the package, with the file that says it first."""
    root = package(service)
    found: dict[Text, str] = {}
    for file in sorted(root.rglob("*")):
        if not any(fnmatch(file.relative_to(root).as_posix(), pattern) for pattern in patterns):
            continue
        if file.suffix == ".py" or (file.suffix == ".html" and "templates" in file.parts):
            for text in texts_in(file):
                if text:
                    found.setdefault(text, str(file.relative_to(root)))
    return found


def catalogues(service: str) -> dict[Path, Catalog]:
    """The package's catalogues by file."""
    found = {}
    for file in sorted((package(service) / "locale" / "en").glob("*.po")):
        with file.open("rb") as opened:
            found[file] = read_po(opened, locale="en")
    return found


def _key(message: Message) -> Text:
    return tuple(message.id) if isinstance(message.id, list | tuple) else message.id  # type: ignore[return-value]  # two forms at most


def _words(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def _placeholders(texts: Iterable[str]) -> list[set[str]]:
    return [{brace or percent for brace, percent in _BRACES.findall(text)} for text in texts]


def missing(service: str) -> list[str]:
    """A line for each text without English, each with other placeholders, and each entry that nothing says."""
    english: dict[Text, Message] = {}
    problems = []
    for place, catalogue in catalogues(service).items():
        for message in catalogue:
            if not message.id:
                continue
            if message.fuzzy:
                problems.append(f"{service}: {place.name}: fuzzy: {_key(message)!r}")
            if all(_words(message)):
                english[_key(message)] = message
    if service != "chassis":
        english = {**english_of_the_frame(), **english}
    spoken = said(service)
    for text, file in spoken.items():
        if text not in english:
            problems.append(f"{service}: {file}: no English: {text!r}")
            continue
        forms = text if isinstance(text, tuple) else (text,)
        wanted = set().union(*_placeholders(forms))
        for shown in _placeholders(_words(english[text])):
            # one of two plural forms may do without its number
            if shown - wanted or (len(forms) == 1 and shown != wanted):
                problems += [f"{service}: {file}: other placeholders in English: {text!r}"]
    problems += [
        f"{service}: {place.name}: nothing says: {_key(message)!r}"
        for place, catalogue in catalogues(service).items()
        for message in catalogue
        if message.id and _key(message) not in spoken
    ]
    return problems


def english_of_the_frame() -> Mapping[Text, Message]:
    """What the frame says already."""
    return {
        _key(message): message
        for catalogue in catalogues("chassis").values()
        for message in catalogue
        if message.id and all(_words(message))
    }


def add(service: str, area: str, patterns: Sequence[str]) -> int:
    """Add empty entries; how many."""
    known = {
        _key(message) for catalogue in catalogues(service).values() for message in catalogue if message.id
    }
    known |= set(english_of_the_frame()) if service != "chassis" else set()
    file = package(service) / "locale" / "en" / f"{area}.po"
    catalogue = catalogues(service).get(file) or Catalog(locale="en")
    fresh = [text for text in said(service, patterns) if text not in known]
    for text in fresh:
        catalogue.add(text)
    _write(file, catalogue)
    return len(fresh)


def tidy(service: str) -> None:
    """Drop what nothing says any more."""
    spoken = said(service)
    for file, catalogue in catalogues(service).items():
        for message in list(catalogue):
            if message.id and _key(message) not in spoken:
                catalogue.delete(message.id)
        _write(file, catalogue)


def _write(file: Path, catalogue: Catalog) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    for message in catalogue:
        message.locations, message.flags = [], message.flags - {"fuzzy"}
    with file.open("wb") as opened:
        write_po(opened, catalogue, omit_header=True, no_location=True, sort_output=True, width=110)
    # without a header the file would be read as ASCII
    header = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    file.write_text(header + file.read_text("utf-8"), "utf-8")


def main(arguments: list[str]) -> int:
    """The exit status."""
    match arguments:
        case ["missing", *services]:
            problems = [line for service in services or NAMES for line in missing(service)]
            sys.stdout.write("".join(f"{line}\n" for line in problems))
            return bool(problems)
        case ["add", service, area, *patterns] if patterns:
            sys.stdout.write(f"{add(service, area, patterns)} added\n")
            return 0
        case ["tidy", *services]:
            for service in services or NAMES:
                tidy(service)
            return 0
    sys.stderr.write(__doc__ or "")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
