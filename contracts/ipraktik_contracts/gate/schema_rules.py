"""What may change in a schema, judged by both views: old records must read today, and today's records by every old reader.

Invariants: a keyword that the gate does not know is never let through when it changes; words (titles, descriptions, examples)
are free; definitions are followed to what they mean, so their names do not matter.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

Finding = tuple[str, str, str]
"""Field path, rule, what happened."""
Node = Mapping[str, Any]

_WORDS: Final = frozenset(
    {
        "title",
        "description",
        "examples",
        "$comment",
        "deprecated",
        "readOnly",
        "writeOnly",
        "$schema",
        "$id",
        "$defs",
    }
)
_JUDGED: Final = frozenset(
    {"$ref", "anyOf", "type", "enum", "const", "format", "pattern", "default", "properties", "required"}
    | {"additionalProperties", "items"}
)
_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_NOTHING: Final = object()


def compared(old: Node, new: Node, *, readers: bool) -> Iterator[Finding]:
    """The findings between two schemas of one type in one view."""
    yield from _Comparison(old.get("$defs", {}), new.get("$defs", {}), readers).nodes(old, new, "")


class _Comparison:
    """Follows both schemas side by side; keeps the definitions of each."""

    def __init__(self, old: Mapping[str, Node], new: Mapping[str, Node], readers: bool) -> None:
        self._old, self._new, self._readers = old, new, readers

    def nodes(self, old_node: Node, new_node: Node, path: str) -> Iterator[Finding]:
        old, old_null = _plain(old_node, self._old)
        new, new_null = _plain(new_node, self._new)
        if new_null and not old_null:
            yield path, "null-added", "it may now be null"
        if old_null and not new_null:
            yield path, "null-removed", "it may no longer be null"
        yield from _classes(old, new, path)
        if _kind(old) != _kind(new):
            yield path, "field-retyped", f"{_kind(old)} became {_kind(new)}"
            return
        yield from _defaults(old, new, path, readers=self._readers)
        yield from _lists(old, new, path)
        yield from _forms(old, new, path)
        yield from _bounds(old, new, path)
        yield from _unknown(old, new, path)
        if "items" in old or "items" in new:
            yield from self.nodes(old.get("items", {}), new.get("items", {}), f"{path}[]")
        if "properties" in old or "properties" in new:
            yield from self._objects(old, new, path)

    def _objects(self, old: Node, new: Node, path: str) -> Iterator[Finding]:
        if self._readers and new.get("additionalProperties", True) is not True:
            yield path, "readers-closed", "readers refuse fields that they do not know"
        if not self._readers and new.get("additionalProperties", True) is not False:
            yield path, "producers-opened", "producers may write fields that nobody declared"
        before, after = old.get("properties", {}), new.get("properties", {})
        classified = any("x-data-class" in one for one in before.values())
        needed_before, needed = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            where = f"{path}.{name}" if path else name
            if name not in after:
                yield where, "field-removed", "the field is gone"
                continue
            if self._readers and name in needed - needed_before:
                yield where, "default-removed", "readers now refuse records without it"
            if not self._readers and name in needed_before - needed:
                yield where, "no-longer-written", "producers may leave it out"
            yield from self.nodes(before[name], after[name], where)
        if self._readers:
            for name in sorted(needed - needed_before - after.keys()):
                where = f"{path}.{name}" if path else name
                yield where, "field-required", "readers demand a field that is not declared"
        for name in after.keys() - before.keys():
            where = f"{path}.{name}" if path else name
            if self._readers and name in needed:
                yield where, "field-required", "a new field that readers demand of every record"
            if classified and "x-data-class" not in after[name]:
                yield where, "unclassified", "a new field without a data class"


def _plain(node: Node, definitions: Mapping[str, Node]) -> tuple[dict[str, Any], bool]:
    """The node without references and without its null, and whether it may be null."""
    made = dict(node)
    while "$ref" in made:
        beside = _conditions(made) - {"$ref"}
        target = definitions.get(str(made.pop("$ref")).rpartition("/")[2], {"type": "a missing definition"})
        made = {**target, **made}
        if beside:
            made["type"] = f"{target.get('type')} with {', '.join(sorted(beside))} beside its reference"
    if isinstance(made.get("type"), list) and not {"enum", "const"} & made.keys():
        kinds = [kind for kind in made["type"] if kind != "null"]
        null = len(kinds) < len(made["type"])
        made["type"] = kinds[0] if len(kinds) == 1 else str(sorted(kinds))
        return made, null
    if "anyOf" not in made:
        return made, False
    branches = [branch for branch in made["anyOf"] if not _is_null(branch)]
    if len(branches) != 1 or _conditions(made) != {"anyOf"}:
        # a condition beside the branches holds for null as well: what is not understood is kept whole
        return made, False
    null = len(made.pop("anyOf")) > 1
    inner, deeper = _plain(branches[0], definitions)
    return {**inner, **made}, null or deeper


def _conditions(node: Node) -> set[str]:
    """The keywords of a node that say what is valid: no words, no default, no remarks of ours."""
    return {word for word in node if word not in _WORDS and word != "default" and not word.startswith("x-")}


def _is_null(branch: Node) -> bool:
    """Whether the branch is null and nothing else."""
    return _conditions(branch) == {"type"} and branch["type"] == "null"


def _kind(node: Node) -> str:
    """The type in words: what makes two forms different altogether."""
    if "anyOf" in node:
        return "one of " + " or ".join(sorted(json.dumps(one, sort_keys=True) for one in node["anyOf"]))
    return str(node.get("type", "anything"))


def _classes(old: Node, new: Node, path: str) -> Iterator[Finding]:
    was, became = old.get("x-data-class"), new.get("x-data-class")
    if was is not None and was != became:
        yield path, "classification-changed", f"its data class {was} became {became}"


def _defaults(old: Node, new: Node, path: str, *, readers: bool) -> Iterator[Finding]:
    was, became = old.get("default", _NOTHING), new.get("default", _NOTHING)
    if (
        readers
        and was is not _NOTHING
        and became is not _NOTHING
        and (was != became or type(was) is not type(became))
    ):
        yield path, "default-changed", f"its default {_shown(was)} became {_shown(became)}"


def _lists(old: Node, new: Node, path: str) -> Iterator[Finding]:
    was, became = _values(old), _values(new)
    if was is None and became is not None:
        yield path, "bound-tightened", "any value became a closed list"
    elif was is not None and became is None:
        yield path, "bound-loosened", "a closed list became any value"
    elif was is not None and became is not None:
        if more := sorted(became - was):
            yield path, "enum-value-added", f"readers do not know the value {', '.join(more)}"
        if fewer := sorted(was - became):
            yield path, "enum-value-removed", f"the value {', '.join(fewer)} is gone from the list"


def _forms(old: Node, new: Node, path: str) -> Iterator[Finding]:
    for word in ("format", "pattern"):
        if old.get(word) != new.get(word):
            yield (
                path,
                f"{word}-changed",
                f"its {word} {_shown(old.get(word))} became {_shown(new.get(word))}",
            )


def _bounds(old: Node, new: Node, path: str) -> Iterator[Finding]:
    for words, direction in ((_LOWER, 1), (_UPPER, -1)):
        for word in words:
            was, became = old.get(word), new.get(word)
            if was == became:
                continue
            tighter = became is not None and (was is None or (became - was) * direction > 0)
            rule = "bound-tightened" if tighter else "bound-loosened"
            yield path, rule, f"its {word} {_shown(was)} became {_shown(became)}"


def _unknown(old: Node, new: Node, path: str) -> Iterator[Finding]:
    known = _WORDS | _JUDGED | set(_LOWER) | set(_UPPER)
    for word in sorted((old.keys() | new.keys()) - known):
        if not word.startswith("x-") and old.get(word) != new.get(word):
            yield path, "cannot-judge", f"its keyword {word} changed"


def _values(node: Node) -> set[str] | None:
    if "const" in node:
        return {_shown(node["const"])}
    return {_shown(value) for value in node["enum"]} if "enum" in node else None


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
