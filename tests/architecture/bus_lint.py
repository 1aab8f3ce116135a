"""What of FastStream must not be used, because it loses records, acknowledges what failed, or mixes up partitions."""

import ast
from collections.abc import Iterable
from typing import TypeGuard

from architecture.tree import Module, imports_of

FORBIDDEN_NAMES = {
    "ExceptionMiddleware": "it swallows an error before the acknowledgement sees it, and a failed batch is committed (P2)",
    "publish_batch": "it ignores keys, and order per aggregate is gone (P6)",
}


def no_dangerous_names(modules: Iterable[Module]) -> list[str]:
    """Neither used, nor imported, nor spelt in a text that is looked up."""
    found = []
    for module in modules:
        for node in ast.walk(module.tree):
            name = (
                node.attr
                if isinstance(node, ast.Attribute)
                else node.id
                if isinstance(node, ast.Name)
                else ""
            )
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = node.value
            if name in FORBIDDEN_NAMES:
                found.append(f"{module.line(node)}: {name}: {FORBIDDEN_NAMES[name]}")
        found += [
            f"{one.where}: {name}: {why}"
            for one in imports_of(module)
            for name, why in FORBIDDEN_NAMES.items()
            if one.target.rpartition(".")[2] == name
        ]
    return found


def only_nack_on_error(modules: Iterable[Module]) -> list[str]:
    """Every policy that is named is the one that hands back what failed."""
    return [
        f"{module.line(node)}: AckPolicy.{node.attr} acknowledges what failed, or never acknowledges (P3, P4)"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and _is_policy(node.value) and node.attr != "NACK_ON_ERROR"
    ]


def every_subscriber_says_how(modules: Iterable[Module]) -> list[str]:
    """A subscriber without policy, group or a place to begin gets FastStream's: at most once, no group, latest (P3, P5)."""
    wanted = {"ack_policy", "group_id", "auto_offset_reset"}
    found = []
    for module in modules:
        for node in ast.walk(module.tree):
            if _makes_a_subscriber(node):
                missing = wanted - {keyword.arg for keyword in node.keywords}
                found += [f"{module.line(node)}: a subscriber without {name}" for name in sorted(missing)]
    return found


def _makes_a_subscriber(node: ast.AST) -> TypeGuard[ast.Call]:
    """A broker's `subscriber(…)`; `self.subscriber(…)` gives one its handler."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "subscriber"
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "self")
    )


def _is_policy(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "AckPolicy") or (
        isinstance(node, ast.Attribute) and node.attr == "AckPolicy"
    )
