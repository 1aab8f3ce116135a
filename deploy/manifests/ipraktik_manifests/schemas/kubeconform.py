"""kubeconform, a second reader of the same schemas in another language: built once from its Go module and kept outside the tree."""

import json
import subprocess
from pathlib import Path
from typing import Final

from ipraktik_manifests.go_programs import go_program
from ipraktik_manifests.schemas.fetching import schemas_folder
from ipraktik_manifests.schemas.validating import definitions_file, is_kubernetes_own, own_schema_file
from ipraktik_manifests.tree import loaded

MODULE: Final = "github.com/yannh/kubeconform/cmd/kubeconform"
VERSION: Final = "v0.7.0"
_IN_PACKAGE: Final = "/api/_definitions.json"


def said_of(text: str, *, kubernetes: str, scratch: Path) -> str:
    """What kubeconform says against these manifests; empty where all is well. Raises GoMissing."""
    used = {(one["apiVersion"], one["kind"]) for one in loaded(text) if is_kubernetes_own(one["apiVersion"])}
    for source in [definitions_file(kubernetes), *(own_schema_file(*kind, kubernetes) for kind in used)]:
        schema = json.loads(source.read_text("utf-8").replace(_IN_PACKAGE, "_definitions.json"))
        schema.pop("$id", None)  # else it would look for the definitions under that address
        (scratch / source.name).write_text(json.dumps(schema), "utf-8")
    ended = subprocess.run(
        [
            go_program(MODULE, VERSION), "-strict",
            "-schema-location", f"{scratch}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json",
            "-schema-location", f"{schemas_folder()}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json",
        ],
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    return (ended.stdout + ended.stderr).strip() if ended.returncode else ""
