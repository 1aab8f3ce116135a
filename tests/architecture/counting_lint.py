"""One event waits, two events wait: a number in front of a plural is said by `counted`, or the noun stands before the number."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final

from architecture.tree import Module

_PLURAL: Final = re.compile(
    r" (times|"
    r"(?!of )(\w+ )?(events|records|rows|mails|topics|partitions|revisions|connections|groups|places|tables|types|restarts|repeats|"
    r"aggregates|findings|seconds|minutes|hours|days|files|runs|keys|sign-ups|participants|placements|contacts|jobs|lines))\b"
)
_SINGULAR_TOO: Final = "ipraktik_contracts.counted"


def no_number_stands_before_a_plural(modules: Iterable[Module]) -> list[str]:
    """Every f-string in which a number that may be one is followed by a plural. Numbers of the code's own (CAPITALS) are known."""
    return [offence for module in modules if module.name != _SINGULAR_TOO for offence in _plurals(module)]


def _plurals(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.JoinedStr):
            continue
        for number, text in zip(node.values, node.values[1:], strict=False):
            if (
                isinstance(number, ast.FormattedValue)
                and isinstance(text, ast.Constant)
                and (found := _PLURAL.match(str(text.value)))
                and not _is_known(number.value)
                and not _is_words(number.value)
                and not _has_decimals(number)
            ):
                yield f"{module.line(node)}: {{{ast.unparse(number.value)}}}{found[0]}: say it by counted()"


def _is_known(number: ast.expr) -> bool:
    """A constant of the module, or how long one is."""
    if isinstance(number, ast.Call) and ast.unparse(number.func) == "len" and number.args:
        number = number.args[0]
    name = ast.unparse(number).rpartition(".")[2].lstrip("_")
    return name.isupper()


def _is_words(value: ast.expr) -> bool:
    """Text in its place: names joined, or words chosen."""
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in (
        "join",
        "counted",
        "times",
    )


def _has_decimals(number: ast.FormattedValue) -> bool:
    """1.0 seconds is how it is said."""
    spec = "" if number.format_spec is None else ast.unparse(number.format_spec)
    return bool(re.search(r"\.[1-9]f", spec))
