"""Today's contract held against every released version of its major, and the released versions against their own sums."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ..envelope import DecodingError, decode
from ..publishing.tree import ROOT
from .breach import Breach
from .contract import Contract, Json, NotAContract, canonical, contract_of, files_below
from .registry_rules import new_data_breaches, registry_breaches
from .schema_rules import compared

RELEASED: Final = ROOT / "released"
SUMS: Final = "SHA256SUMS"
_STANDING: Final = ("$schema", "$id")


def version_key(version: str) -> tuple[int, ...]:
    """Versions in their order."""
    return tuple(int(part) for part in version.split("."))


def released_contracts(folder: Path = RELEASED) -> dict[str, Contract]:
    """Every released version, oldest first. Raises NotAContract, with the version, where one does not read."""
    found: dict[str, Contract] = {}
    names = [one.name for one in folder.iterdir() if one.is_dir()] if folder.exists() else []
    for name in sorted(names, key=_sortable):
        try:
            found[name] = contract_of(files_below(folder / name))
        except NotAContract as error:
            raise NotAContract(f"released/{name}: {error}") from None
        if found[name].version != name:
            raise NotAContract(f"released/{name}: it says that it is {found[name].version}")
    return found


def breaches(today: Contract, released: Mapping[str, Contract]) -> list[Breach]:
    """Everything that today's contract breaks of what was released within its major, in a fixed order."""
    found = set(new_data_breaches(today.registry))
    for version, old in released.items():
        if version_key(version)[0] != version_key(today.version)[0]:
            continue
        found |= set(registry_breaches(old.registry, today.registry))
        found |= set(_schema_breaches(old, today, version))
        found |= set(_unreadable(old, version))
    return sorted(found | set(_version_breaches(today, released)))


def altered(folder: Path = RELEASED) -> list[Breach]:
    """Released versions that are not as they were frozen."""
    found = []
    for version in sorted(one for one in folder.iterdir() if one.is_dir()) if folder.exists() else []:
        sums = version / SUMS
        told = sums.read_text(encoding="utf-8") if sums.exists() else ""
        if told != sums_of(files_below(version)):
            what = "its files are not those that were frozen"
            found.append(Breach(f"released/{version.name}", "", "released-altered", what, version.name))
    return found


def sums_of(files: Mapping[str, str]) -> str:
    """The sums of a version's files, as `sha256sum --check` takes them."""
    return "".join(
        f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n"
        for path, text in sorted(files.items())
        if path != SUMS
    )


def _schema_breaches(old: Contract, today: Contract, version: str) -> Iterator[Breach]:
    for view in ("producers", "readers"):
        before: Mapping[str, Json] = getattr(old, view)
        after: Mapping[str, Json] = getattr(today, view)
        for name, schema in before.items():
            if name not in after:
                continue  # the registry's rules name it
            for word in _STANDING:
                if schema[word] != after[name].get(word):
                    what = f"{word} of the {view}' view was {schema[word]} and is {after[name].get(word)}"
                    yield Breach(name, "", "schema-id-changed", what, version)
            for path, rule, what in compared(schema, after[name], readers=view == "readers"):
                yield Breach(name, path, rule, what, version)


def _unreadable(old: Contract, version: str) -> Iterator[Breach]:
    """Every example ever released goes through today's `decode`."""
    for path, record in old.examples.items():
        headers = [(name, text.encode()) for name, text in record["headers"].items()]
        try:
            decode(headers, json.dumps(record["body"]).encode())
        except DecodingError as error:
            name = path.rpartition("/")[2].partition(".")[0]
            yield Breach(name, "", "example-unreadable", f"{path} no longer decodes: {error}", version)


def _version_breaches(today: Contract, released: Mapping[str, Contract]) -> Iterator[Breach]:
    newest = max(released, key=version_key, default=None)
    if newest is None:
        return
    same = canonical(today) == canonical(released[newest])
    if version_key(today.version) < version_key(newest):
        what = f"the version is {today.version}, and {newest} is released"
        yield Breach("VERSION", "", "version-not-raised", what, newest)
    elif today.version in released and not same:
        what = f"{today.version} is released, and today's contract says something else"
        yield Breach("VERSION", "", "version-not-raised", what, newest)
    elif not same and _same_minor(today.version, newest) and _promises(today) != _promises(released[newest]):
        what = f"types, topics or fields have changed since {newest}; {today.version} would be for words only"
        yield Breach("VERSION", "", "version-not-raised", what, newest)


def _same_minor(one: str, other: str) -> bool:
    return version_key(one)[:2] == version_key(other)[:2]


def _promises(contract: Contract) -> object:
    """What more than words can change: types with their fields, topics, steps."""
    registry = contract.registry
    steps = {name: one["transitions"] for name, one in registry["lifecycles"].items()}
    fields = {name: sorted(entry["data_classes"]) for name, entry in registry["types"].items()}
    settings = {name: (one["partitions"], one["config"]) for name, one in registry["topics"].items()}
    return fields, settings, steps, sorted(contract.readers["Headers"]["properties"])


def _sortable(name: str) -> tuple[int, ...]:
    try:
        return version_key(name)
    except ValueError:
        raise NotAContract(f"released/{name}: a folder there is named after its version, as 1.0.0") from None
