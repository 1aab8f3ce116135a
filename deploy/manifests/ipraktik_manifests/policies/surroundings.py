"""What a program is given, held against what it reads: settings by name, files by key, and the one address of all four."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ipraktik_manifests.looking import NAME, Pods, mounted_secrets, name, of_kind, services_pods, settings_of
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.policies.secrets import secrets_there
from ipraktik_manifests.tree import SERVICES, Object

ORGANISER: Final = ("ORGANISER", "ORGANISER_NAME", "ORGANISER_EMAIL")
"""Who people deal with, and where their answers go."""
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "await-schema": ("DATABASE_URL_FILE",),
    "migrate": ("DATABASE_URL_FILE", "MIGRATION_DATABASE_URL_FILE"),
    "serve": ("DATABASE_URL_FILE", "LINK_PUBLIC_KEY_FILE", *ORGANISER, "PROXIES"),
    "work": (
        "DATABASE_URL_FILE",
        "LINK_PUBLIC_KEY_FILE",
        *ORGANISER,
        "KAFKA_BOOTSTRAP",
        "KAFKA_SECURITY_PROTOCOL",
    ),
}
"""What must not be left to its default outside a developer's machine."""
ALONE: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("notify", "work"): ("LINK_PRIVATE_KEY_FILE", "SMTP_URL_FILE", "MAIL_FROM", "COORDINATOR_ADDRESSES"),
}
OWNERS_ONLY: Final = "MIGRATION_DATABASE_URL_FILE"


def needed_settings_are_given(objects: Sequence[Object], facts: Facts) -> list[str]:
    """9. Every setting that a command needs is set, and every file that a setting names is a key of a Secret that somebody makes."""
    found: list[str] = []
    supplied = secrets_there(objects, facts)
    for one in services_pods(objects):
        for container in one.containers:
            given = settings_of(one, container, objects)
            command = str(container["args"][1])
            wanted = NEEDED[command] + ALONE.get((one.labels[NAME], command), ())
            found += [f"{one.name}: {command} needs {gone}" for gone in wanted if gone not in given]
            if OWNERS_ONLY in given and command != "migrate":
                found.append(f"{one.name}: {command} has the owner's login, which is for migrate alone")
            found += [f"{one.name}: {wrong}" for wrong in _files(one, container, given, supplied)]
    return found


def given_settings_are_known(objects: Sequence[Object], facts: Facts) -> list[str]:
    """10. Whatever is set is read: a setting of another name is a mistake that nobody would hear of."""
    found = []
    for one in services_pods(objects):
        known = facts.programs[one.labels[NAME]].environment
        for container in one.containers:
            unknown = sorted(set(settings_of(one, container, objects)) - known)
            found += [f"{one.name}: sets {odd}, which {one.labels[NAME]} does not read" for odd in unknown]
    return found


def people_meet_one_origin(objects: Sequence[Object], _: Facts) -> list[str]:
    """Beside the list: all public addresses of an environment are one, by HTTPS but on a developer's machine."""
    maps = [one for one in of_kind(objects, "ConfigMap") if "HTTP_PORT" in one.get("data", {})]
    names = [f"{service.upper()}_PUBLIC_URL" for service in SERVICES]
    addresses = {one["data"].get(key) for one in maps for key in names}
    found = (
        []
        if len(addresses) == 1
        else [f"people are sent to several addresses: {sorted(map(str, addresses))}"]
    )
    gates = of_kind(objects, "Gateway")
    for one in maps:
        if gates and "LOCAL_STACK" in one["data"]:
            found.append(f"{name(one)}: LOCAL_STACK, which takes the encryption from mails")  # noqa: PERF401 - reads better
    hosts = {ear.get("hostname") for gate in gates for ear in gate["spec"]["listeners"]}
    if gates and addresses != {f"https://{host}" for host in hosts}:
        found.append(
            f"links lead to {sorted(map(str, addresses))}, the gateway listens for {sorted(map(str, hosts))}"
        )
    return found


def _files(
    one: Pods, container: Object, given: Mapping[str, str | None], supplied: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    folders = mounted_secrets(one, container)
    for setting, path in given.items():
        if not setting.endswith("_FILE") or path is None:
            continue
        folder, _, key = path.rpartition("/")
        if folder not in folders:
            yield f"{setting} names {path}, where no Secret is mounted"
            continue
        secret, optional = folders[folder]
        if optional:
            yield f"{setting} reads {secret}, which may be missing"
        if key not in supplied.get(secret, frozenset()):
            yield f"{setting} reads {key} of the Secret {secret}, which nobody puts there"
