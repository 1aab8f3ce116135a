"""One mistake for each policy: what it does to an environment that was right."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ipraktik_manifests.tree import Object

Break = Callable[[list[Object]], None]


def find(objects: list[Object], kind: str, name: str) -> Object:
    """The object of that kind whose name begins so."""
    return next(one for one in objects if one["kind"] == kind and one["metadata"]["name"].startswith(name))


def _pod(objects: list[Object], name: str = "matching-work") -> Any:
    return find(objects, "Deployment", name)["spec"]["template"]["spec"]


def _container(objects: list[Object], name: str = "matching-work") -> Any:
    return _pod(objects, name)["containers"][0]


def _alert(**rule: Any) -> Object:
    group = {"name": "broken", "rules": [{"alert": "Broken", "expr": "vector(1)", **rule}]}
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "broken"},
        "spec": {"groups": [group]},
    }


def selector_misses_its_template(objects: list[Object]) -> None:
    find(objects, "Deployment", "matching-work")["spec"]["template"]["metadata"]["labels"][
        "app.kubernetes.io/name"
    ] = "mat"


def mount_without_volume(objects: list[Object]) -> None:
    _container(objects)["volumeMounts"].append({"name": "cache", "mountPath": "/cache"})


def memory_in_mebibytes_misspelt(objects: list[Object]) -> None:
    _container(objects)["resources"]["limits"]["memory"] = "256Mib"


def broker_volume_without_size(objects: list[Object]) -> None:
    del find(objects, "KafkaNodePool", "brokers")["spec"]["storage"]["volumes"][0]["size"]


def budget_without_selector(objects: list[Object]) -> None:
    del find(objects, "PodDisruptionBudget", "matching-work")["spec"]["selector"]


def budget_with_both_bounds(objects: list[Object]) -> None:
    find(objects, "PodDisruptionBudget", "matching-work")["spec"]["minAvailable"] = 1


def rule_that_is_no_promql(objects: list[Object]) -> None:
    objects.append(_alert(expr="sum(rate(up[5m]) by (job"))


def policy_without_pod_selector(objects: list[Object]) -> None:
    del find(objects, "NetworkPolicy", "matching-work")["spec"]["podSelector"]


def policy_of_an_unknown_type(objects: list[Object]) -> None:
    find(objects, "NetworkPolicy", "matching-work")["spec"]["policyTypes"] = ["Ingress", "Outgoing"]


def policy_that_lets_everything_out(objects: list[Object]) -> None:
    find(objects, "NetworkPolicy", "matching-work")["spec"]["egress"] = [{}]


def port_with_a_name_too_long(objects: list[Object]) -> None:
    _container(objects)["ports"].append({"name": "operations_metrics", "containerPort": 9091})


def service_that_chooses_nobody(objects: list[Object]) -> None:
    find(objects, "Service", "matching")["spec"]["selector"]["app.kubernetes.io/component"] = "web"


def monitor_of_a_port_that_is_not_there(objects: list[Object]) -> None:
    find(objects, "PodMonitor", "matching")["spec"]["podMetricsEndpoints"][0]["port"] = "metrics"


def autoscaler_of_nobody(objects: list[Object]) -> None:
    find(objects, "ScaledObject", "matching-work")["spec"]["scaleTargetRef"]["name"] = "matching"


def route_to_a_door_that_is_not_there(objects: list[Object]) -> None:
    find(objects, "HTTPRoute", "matching")["spec"]["parentRefs"][0]["sectionName"] = "web"


def peer_that_is_not_there(objects: list[Object]) -> None:
    peer = find(objects, "NetworkPolicy", "matching-work")["spec"]["egress"][1]["to"][0]
    peer["podSelector"]["matchLabels"]["cnpg.io/cluster"] = "matching-db"


def secret_key_that_nobody_makes(objects: list[Object]) -> None:
    template = find(objects, "ExternalSecret", "matching-database")["spec"]["target"]["template"]["data"]
    template["uri"] = template.pop("url")


def external_secret_forgotten(objects: list[Object]) -> None:
    objects.remove(find(objects, "ExternalSecret", "matching-database-owner"))


def external_secrets_all_forgotten(objects: list[Object]) -> None:
    objects[:] = [one for one in objects if one["kind"] != "ExternalSecret"]


def login_of_the_autoscaler_forgotten(objects: list[Object]) -> None:
    objects.remove(find(objects, "ExternalSecret", "lag-reader-kafka"))


def organisers_address_forgotten(objects: list[Object]) -> None:
    del find(objects, "ConfigMap", "notify-settings")["data"]["ORGANISER_EMAIL"]


def file_that_is_not_mounted(objects: list[Object]) -> None:
    mounts = _container(objects)["volumeMounts"]
    mounts[:] = [one for one in mounts if one["name"] != "link-keys"]


def owner_at_the_front(objects: list[Object]) -> None:
    _container(objects)["env"].append(
        {"name": "MIGRATION_DATABASE_URL_FILE", "value": "/var/run/secrets/ipraktik/database/url"}
    )


def setting_misspelt(objects: list[Object]) -> None:
    data = find(objects, "ConfigMap", "matching-settings")["data"]
    data["DRAIN_SECOND"] = data.pop("DRAIN_SECONDS")


def topic_of_another_name(objects: list[Object]) -> None:
    find(objects, "KafkaTopic", "innovationspraktik.placements")["metadata"]["name"] = (
        "innovationspraktik.placement.v1"
    )


def trigger_on_a_topic_not_read(objects: list[Object]) -> None:
    trigger = find(objects, "ScaledObject", "matching-work")["spec"]["triggers"][0]
    trigger["metadata"]["topic"] = "innovationspraktik.evaluations.v1"


def group_of_another_name(objects: list[Object]) -> None:
    find(objects, "ScaledObject", "matching-work")["spec"]["triggers"][0]["metadata"]["consumerGroup"] = (
        "matching-work"
    )


def alert_without_runbook(objects: list[Object]) -> None:
    objects.append(_alert(annotations={"runbook_url": "https://runbooks.example/Broken.md"}))


def image_by_latest(objects: list[Object]) -> None:
    _pod(objects)["initContainers"][0]["image"] = "registry.example/innovationspraktik/matching:latest"


def first_container_as_root(objects: list[Object]) -> None:
    _pod(objects)["initContainers"][0]["securityContext"] = {"allowPrivilegeEscalation": True}


def pod_without_seccomp(objects: list[Object]) -> None:
    del _pod(objects)["securityContext"]["seccompProfile"]


def probe_of_an_unknown_path(objects: list[Object]) -> None:
    _container(objects)["livenessProbe"]["httpGet"]["path"] = "/healthz"


def liveness_that_is_readiness(objects: list[Object]) -> None:
    _container(objects)["livenessProbe"]["httpGet"]["path"] = "/readyz"


def rule_about_a_metric_of_nobody(objects: list[Object]) -> None:
    objects.append(_alert(expr="innovationspraktik_outbox_age_ms > 5"))


def replicas_beside_an_autoscaler(objects: list[Object]) -> None:
    find(objects, "Deployment", "matching-work")["spec"]["replicas"] = 2


def grace_shorter_than_the_drain(objects: list[Object]) -> None:
    _pod(objects)["terminationGracePeriodSeconds"] = 30


def budget_that_lets_nobody_go(objects: list[Object]) -> None:
    spec = find(objects, "PodDisruptionBudget", "matching-work")["spec"]
    del spec["maxUnavailable"]
    spec["minAvailable"] = 2


def agency_that_writes(objects: list[Object]) -> None:
    find(objects, "KafkaUser", "agency.")["spec"]["authorization"]["acls"][0]["operations"] = [
        "Write",
        "Describe",
    ]


def agency_that_reads_names_and_addresses(objects: list[Object]) -> None:
    acl = find(objects, "KafkaUser", "agency.")["spec"]["authorization"]["acls"][0]
    acl["resource"]["name"] = "innovationspraktik.internal.contacts.v1"


def agency_without_bounds(objects: list[Object]) -> None:
    del find(objects, "KafkaUser", "agency.")["spec"]["quotas"]


def operator_that_writes(objects: list[Object]) -> None:
    find(objects, "KafkaUser", "operator")["spec"]["authorization"]["acls"][0]["operations"].append("Write")


def user_that_is_nobody_we_know(objects: list[Object]) -> None:
    find(objects, "KafkaUser", "operator")["metadata"]["name"] = "somebody"


def more_pods_than_connections(objects: list[Object]) -> None:
    find(objects, "ScaledObject", "matching-work")["spec"]["maxReplicaCount"] = 12


def more_pods_than_quota(objects: list[Object]) -> None:
    _container(objects)["resources"]["limits"]["memory"] = "8Gi"


def two_origins(objects: list[Object]) -> None:
    find(objects, "ConfigMap", "matching-settings")["data"]["NOTIFY_PUBLIC_URL"] = (
        "https://mail.innovationspraktik.example"
    )


BROKEN: Final[Mapping[str, tuple[Break, ...]]] = {
    "selectors_choose_their_own_pods": (selector_misses_its_template,),
    "mounts_have_a_volume": (mount_without_volume,),
    "quantities_are_quantities": (memory_in_mebibytes_misspelt, broker_volume_without_size),
    "disruption_budgets_protect_somebody": (budget_without_selector, budget_with_both_bounds),
    "rules_are_promql": (rule_that_is_no_promql,),
    "network_policies_say_whom_and_what": (
        policy_without_pod_selector,
        policy_of_an_unknown_type,
        policy_that_lets_everything_out,
    ),
    "ports_are_named_as_ports_may_be": (port_with_a_name_too_long,),
    "references_lead_somewhere": (
        service_that_chooses_nobody,
        monitor_of_a_port_that_is_not_there,
        autoscaler_of_nobody,
        route_to_a_door_that_is_not_there,
        peer_that_is_not_there,
        login_of_the_autoscaler_forgotten,
    ),
    "needed_settings_are_given": (
        secret_key_that_nobody_makes,
        external_secret_forgotten,
        external_secrets_all_forgotten,
        organisers_address_forgotten,
        file_that_is_not_mounted,
        owner_at_the_front,
    ),
    "given_settings_are_known": (setting_misspelt,),
    "topics_are_the_contracts": (topic_of_another_name, trigger_on_a_topic_not_read),
    "groups_are_the_programs": (group_of_another_name,),
    "alerts_have_their_runbook": (alert_without_runbook,),
    "images_are_pinned": (image_by_latest,),
    "pods_are_restricted": (first_container_as_root, pod_without_seccomp),
    "probes_are_answered": (probe_of_an_unknown_path, liveness_that_is_readiness),
    "rules_use_exported_metrics": (rule_about_a_metric_of_nobody,),
    "autoscaled_have_no_replicas": (replicas_beside_an_autoscaler,),
    "grace_covers_the_drain": (grace_shorter_than_the_drain,),
    "an_eviction_is_always_possible": (budget_that_lets_nobody_go,),
    "agencies_read_and_nothing_else": (
        agency_that_writes,
        agency_that_reads_names_and_addresses,
        agency_without_bounds,
        operator_that_writes,
        user_that_is_nobody_we_know,
    ),
    "connections_fit_the_database": (more_pods_than_connections,),
    "everything_fits_the_quota": (more_pods_than_quota,),
    "people_meet_one_origin": (two_origins,),
}
"""Policy -> the mistakes that it must refuse."""
