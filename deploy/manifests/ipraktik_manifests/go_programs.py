"""Programs in Go that read the manifests too, each built once from its module at one version and kept outside the tree."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from ipraktik_local.kafka_jars import cache_folder
from ipraktik_manifests.schemas.fetching import GoMissing

_WITHIN: Final = 900.0


def go_program(module: str, version: str) -> Path:
    """The program that a module's package makes, built if need be: about a minute of one core. Raises GoMissing."""
    called = module.rpartition("/")[2]
    folder = cache_folder() / f"{called}-{version}"
    if not (folder / called).is_file():
        go = shutil.which("go")
        if go is None:
            raise GoMissing
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{called}-") as made:
            subprocess.run(
                [go, "install", f"{module}@{version}"],
                cwd=made,
                env={**os.environ, "GOBIN": made, "GOFLAGS": "-mod=mod", "GOWORK": "off", "CGO_ENABLED": "0"},
                capture_output=True,
                timeout=_WITHIN,
                check=True,
            )
            folder.mkdir(exist_ok=True)
            os.replace(Path(made) / called, folder / called)
    return folder / called
