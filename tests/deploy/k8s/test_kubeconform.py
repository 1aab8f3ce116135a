"""A second reader: what kubeconform says of what is applied."""

from pathlib import Path

import pytest
from foreign import go_without

from ipraktik_manifests.schemas.fetching import GoMissing
from ipraktik_manifests.schemas.kubeconform import said_of
from ipraktik_manifests.schemas.operators import KUBERNETES
from ipraktik_manifests.tree import K8S, built_text

# the program is built the first time
pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]
APPLIED = ("platform", "", "monitoring")


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubeconform_has_nothing_to_say_and_finds_a_misspelt_field(version: str, tmp_path: Path) -> None:
    text = "---\n".join(built_text(K8S / "overlays" / "prod" / part) for part in APPLIED)
    try:
        said = said_of(text, kubernetes=version, scratch=tmp_path)
    except GoMissing as missing:
        go_without(str(missing))

    assert said == ""
    assert "livenesProbe" in said_of(
        text.replace("livenessProbe", "livenesProbe"), kubernetes=version, scratch=tmp_path
    )
