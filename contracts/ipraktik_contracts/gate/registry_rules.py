"""What may change in the registry: types, topics, lifecycles and limits. A type, a topic or a step more breaks nobody."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .breach import Breach

Facts = Mapping[str, Any]

_TYPE_RULES: Final = (
    ("topic", "topic-moved", "it moved from topic {} to {}"),
    ("ordering_key", "key-changed", "its key {} became {}"),
    ("owner", "owner-changed", "{} handed it to {}"),
    ("audience", "audience-changed", "its audience {} became {}"),
    ("compatibility", "promise-lowered", "its compatibility {} became {}"),
    ("ce_type", "type-renamed", "its type {} became {}"),
)
_MAY_GROW: Final = frozenset({"retention.ms", "retention.bytes", "delete.retention.ms"})
"""Settings by which records are kept; -1 means for ever."""
_MAY_RISE: Final = frozenset({"max.message.bytes"})
_MAY_FALL: Final = frozenset({"max.compaction.lag.ms"})
"""Erasure may only become quicker."""
_FREE: Final = frozenset({"segment.ms", "segment.bytes", "min.insync.replicas"})
"""Settings that no reader can tell."""


def registry_breaches(old: Facts, new: Facts) -> Iterator[Breach]:
    """The breaches between two registries."""
    since = str(old["version"])
    yield from _types(old["types"], new["types"], since)
    yield from _topics(old["topics"], new["topics"], since)
    yield from _lifecycles(old["lifecycles"], new["lifecycles"], since)
    for name, limit in old["limits"].items():
        now = new["limits"].get(name)
        if now is None or now > limit:
            yield Breach("limits", name, "limit-raised", f"the limit {limit} became {now}", since)


def new_data_breaches(registry: Facts) -> Iterator[Breach]:
    """What today's registry says of data that may not stand where it stands."""
    since = str(registry["version"])
    known = registry["data_classes"]
    for name, entry in registry["types"].items():
        for path, data_class in entry["data_classes"].items():
            if data_class not in known:
                yield Breach(name, path, "unclassified", f"its data class {data_class} is not known", since)
            elif entry["audience"] == "public" and not known[data_class]["public"]:
                yield Breach(name, path, "contact-in-public", f"{data_class} data in a public event", since)


def _types(old: Facts, new: Facts, since: str) -> Iterator[Breach]:
    gained = sorted(new.keys() - old.keys())
    for name, entry in old.items():
        if name not in new:
            alike = [one for one in gained if new[one]["data_classes"] == entry["data_classes"]]
            if alike:
                yield Breach(name, "", "type-renamed", f"it is gone, and {alike[0]} looks like it", since)
            else:
                yield Breach(name, "", "event-removed", "it is gone from the registry", since)
            continue
        for word, rule, what in _TYPE_RULES:
            if new[name].get(word) != entry[word]:
                yield Breach(name, "", rule, what.format(entry[word], new[name].get(word)), since)
        classes = new[name]["data_classes"]
        for path, data_class in entry["data_classes"].items():
            if path in classes and classes[path] != data_class:
                what = f"its data class {data_class} became {classes[path]}"
                yield Breach(name, path, "classification-changed", what, since)


def _topics(old: Facts, new: Facts, since: str) -> Iterator[Breach]:
    for name, topic in old.items():
        if name not in new:
            yield Breach(name, "", "topic-removed", "the topic is gone", since)
            continue
        now = new[name]
        if now["audience"] != topic["audience"]:
            what = f"its audience {topic['audience']} became {now['audience']}"
            yield Breach(name, "", "audience-changed", what, since)
        if now["partitions"] != topic["partitions"]:
            what = f"{topic['partitions']} partitions became {now['partitions']}"
            yield Breach(name, "", "topic-partitions", what, since)
        for setting in sorted(topic["config"].keys() | now["config"].keys()):
            was, became = topic["config"].get(setting), now["config"].get(setting)
            if was == became or setting in _FREE:
                continue
            rule = _setting_rule(setting, was, became)
            if rule:
                yield Breach(name, setting, rule, f"{was or 'nothing'} became {became or 'nothing'}", since)


def _setting_rule(setting: str, was: str | None, became: str | None) -> str | None:
    """The rule that the change of a setting breaks; None where it is harmless."""
    if setting not in _MAY_GROW | _MAY_RISE | _MAY_FALL:
        return "topic-config"
    broken = "topic-retention" if setting in _MAY_GROW else "topic-config"
    if was is None or became is None:
        return broken
    before, after = int(was), int(became)
    if setting in _MAY_GROW:
        longer = before != -1 and (after == -1 or after > before)
        return None if longer else broken
    harmless = after > before if setting in _MAY_RISE else after < before
    return None if harmless else broken


def _lifecycles(old: Facts, new: Facts, since: str) -> Iterator[Breach]:
    for name, lifecycle in old.items():
        now = new.get(name, {"states": {}, "finals": [], "transitions": []})
        for state in lifecycle["states"]:
            if state not in now["states"]:
                yield Breach(name, state, "state-removed", "the state is gone", since)
        for state in lifecycle["finals"]:
            if state in now["states"] and state not in now["finals"]:
                yield Breach(name, state, "final-reopened", "the state is no longer final", since)
        steps = {_step(step): step["after"] for step in now["transitions"]}
        for step in lifecycle["transitions"]:
            if step["after"] in now["states"] and steps.get(_step(step)) != step["after"]:
                before = step["before"] or "the beginning"
                what = f"from {before} it no longer leads to {step['after']}"
                yield Breach(name, step["event"], "transition-changed", what, since)


def _step(step: Facts) -> tuple[str, str, str]:
    return step["event"], step["before"] or "", step["condition"] or ""
