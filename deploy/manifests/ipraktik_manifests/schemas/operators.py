"""Which releases of the operators the manifests are written for, and where each one's definitions are.

These are the versions that deploy/k8s/README.md names; a test holds the two together. A hash is what `go mod download` prints.
"""

from dataclasses import dataclass
from typing import Final

KUBERNETES: Final = ("1.34", "1.36")
"""The oldest and the newest that the manifests are made for: what this release of CloudNativePG supports, and the others too."""

STRIMZI: Final = "1.2.0"


@dataclass(frozen=True, slots=True)
class GoRelease:
    """A Go module that carries an operator's definitions as files."""

    operator: str
    module: str
    version: str
    sum: str
    files: tuple[str, ...]


GO_RELEASES: Final = (
    GoRelease(
        "CloudNativePG",
        "github.com/cloudnative-pg/cloudnative-pg",
        "v1.30.0",
        "h1:fnhVq44xXx97MNiuvJsPrX1vSjYbgdyBK5MSGfdHdp0=",
        tuple(
            f"config/crd/bases/postgresql.cnpg.io_{kind}.yaml"
            for kind in ("clusters", "databases", "databaseroles", "scheduledbackups")
        ),
    ),
    GoRelease(
        "Barman Cloud plugin",
        "github.com/cloudnative-pg/plugin-barman-cloud",
        "v0.14.0",
        "h1:kpTo7egntRIM15hvo0xtOj07wyjj23jcz/Co0KfzC7s=",
        ("config/crd/bases/barmancloud.cnpg.io_objectstores.yaml",),
    ),
    GoRelease(
        "KEDA",
        "github.com/kedacore/keda/v2",
        "v2.21.0",
        "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=",
        tuple(
            f"config/crd/bases/keda.sh_{kind}.yaml" for kind in ("scaledobjects", "triggerauthentications")
        ),
    ),
    GoRelease(
        "cert-manager",
        "github.com/cert-manager/cert-manager",
        "v1.21.1",
        "h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=",
        ("deploy/crds/cert-manager.io_certificates.yaml",),
    ),
    GoRelease(
        "Gateway API",
        "sigs.k8s.io/gateway-api",
        "v1.6.1",
        "h1:mock6phZbI6rvZerwrVNk7hVNymQgHo+6sJ81Ia7ftY=",
        tuple(
            f"config/crd/standard/gateway.networking.k8s.io_{kind}.yaml"
            for kind in ("gateways", "httproutes")
        ),
    ),
    GoRelease(
        "Prometheus operator",
        "github.com/prometheus-operator/prometheus-operator",
        "v0.93.0",
        "h1:AohlYJT+En8TmNpAcEUJ3GsaJTAqfEBwHmGTVpRm/Io=",
        tuple(
            f"example/prometheus-operator-crd/monitoring.coreos.com_{kind}.yaml"
            for kind in ("podmonitors", "prometheusrules", "servicemonitors")
        ),
    ),
    GoRelease(
        # Releases 2.x cannot be had as Go modules: their module path lacks the /v2. The kinds used here are the same `v1`.
        "External Secrets",
        "github.com/external-secrets/external-secrets",
        "v1.3.2",
        "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
        tuple(
            f"config/crds/bases/external-secrets.io_{kind}.yaml"
            for kind in ("externalsecrets", "clustersecretstores")
        ),
    ),
)
