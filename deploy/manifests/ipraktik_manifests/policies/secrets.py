"""Which Secrets an environment will have, with their keys. Invariant: where the operator makes Secrets, nothing is counted as made by hand."""

from collections.abc import Mapping, Sequence

from ipraktik_manifests.looking import of_kind
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.tree import Object


def secrets_there(objects: Sequence[Object], facts: Facts) -> Mapping[str, frozenset[str]]:
    """Secret -> keys: what the ExternalSecrets make, or, in an environment without that operator, what people make by hand."""
    if not of_kind(objects, "ExternalSecret", "ClusterSecretStore"):
        return facts.secrets
    made = {}
    for one in of_kind(objects, "ExternalSecret"):
        target = one["spec"]["target"]
        template = target.get("template", {}).get("data")
        keys = template if template is not None else [entry["secretKey"] for entry in one["spec"]["data"]]
        made[str(target["name"])] = frozenset(keys)
    return made
