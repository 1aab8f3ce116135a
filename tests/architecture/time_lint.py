"""Time is injected: nothing asks the system for it but the clock, and no SQL asks the database."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final

from architecture.tree import Module, strings_of

CLOCK: Final = "ipraktik_chassis.clock"
RECORD_TIME: Final = "system_milliseconds"
"""The one other place: a record's time in Kafka, which a broker refuses when it lies far from its own. It is no fact's time."""
RECORD_TIME_MODULE: Final = "ipraktik_chassis.producer"

ASKING: Final = frozenset(
    {
        *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
        "datetime.date.today",
        *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "asctime")),
        "uuid.uuid1",
        "uuid.uuid6",
        "uuid.uuid7",
    }
)
"""What asks the system what time it is. `time.monotonic` is not among them: it only measures."""

_SQL: Final = re.compile(
    r"\b(select|insert\s+into|update|delete\s+from|create\s+table|alter\s+table|with|default|values|where)\b",
    re.IGNORECASE,
)
_SQL_TIME: Final = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|"
    r"\b(current_timestamp|current_date|current_time|localtimestamp)\b|"
    r"'(now|today|tomorrow|yesterday)'\s*(::|\))",
    re.IGNORECASE,
)
_SQL_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def nothing_asks_the_system(modules: Iterable[Module]) -> list[str]:
    """Every use of a name that gives the system's time, called or handed on, under whatever name it was imported."""
    return [offence for module in modules if module.name != CLOCK for offence in _asking(module)]


def no_sql_asks_the_database(modules: Iterable[Module]) -> list[str]:
    """The database's clock is the system's: it does not follow a simulated season."""
    return [
        f"{module.line(node)}: SQL asks the database for the time ({found[0]!r}); pass the transaction's `now`"
        for module in modules
        for text, node in strings_of(module)
        if _SQL.search(text) and (found := _SQL_TIME.search(_SQL_COMMENT.sub("", text)))
    ]


def no_migration_asks_the_database(scripts: Iterable[tuple[str, str]]) -> list[str]:
    """The same for plain SQL: (place, text)."""
    return [
        f"{place}: {found[0]!r}; the service writes the time, a default does not"
        for place, text in scripts
        for found in _SQL_TIME.finditer(_SQL_COMMENT.sub("", text))
    ]


def _asking(module: Module) -> Iterator[str]:
    names = dict(_names(module))
    allowed: set[ast.AST] = set()
    if module.name == RECORD_TIME_MODULE:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and node.name == RECORD_TIME:
                allowed.update(ast.walk(node))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name) and node not in allowed:
            dotted = _dotted(node, names)
            if dotted in ASKING:
                yield f"{module.line(node)}: {dotted} asks the system for the time; take the clock's now()"


def _names(module: Module) -> Iterator[tuple[str, str]]:
    """What each imported name stands for."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    (alias.name if alias.asname else alias.name.partition(".")[0]),
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""
