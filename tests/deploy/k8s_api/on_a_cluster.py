"""`make deploy-check-api KUBECONFIG=…`: the manifests on a real API server, in a cluster that may be filled and emptied.

Its nodes may be fake (kwok), since what is tried is admission, rollouts, budgets and scaling, and not the programs. It never touches
a cluster that has any of our namespaces before it begins. Not collected by `make test`.
"""

import copy
import itertools
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from deploy.k8s_api.cluster import OURS, SERVICES_NAMESPACE, Cluster, Refused

from ipraktik_contracts.topics import PARTICIPANTS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.topics import create_topics
from ipraktik_manifests.looking import name, of_kind, pods, services_pods
from ipraktik_manifests.tree import ENVIRONMENTS, K8S, SERVICES, Object, built, environment, loaded

pytestmark = pytest.mark.timeout(900)

BY_HAND = (K8S / "by-hand" / "refill", K8S / "by-hand" / "operator")
DEPLOYMENTS = [f"{service}-{part}" for service in SERVICES for part in ("serve", "work")]
# what makes a pod of a fake node take as long as an image that cannot be pulled
NEVER_READY = {
    "pod-ready.stage.kwok.x-k8s.io/delay": "30m",
    "pod-ready.stage.kwok.x-k8s.io/jitter-delay": "30m",
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """The cluster that KUBECONFIG names, with our namespaces, and without them in the end."""
    kubeconfig = os.environ.get("KUBECONFIG")
    if not kubeconfig:
        pytest.fail("KUBECONFIG is not set; name a cluster that may be filled and emptied")
    found = Cluster(kubeconfig)
    there = [one for one in OURS if found.exists("namespace", one)]
    if there:
        pytest.fail(
            f"the cluster already has {', '.join(there)}; this check empties what it fills, so it stays away"
        )
    found.apply(_first(environment("prod")))
    try:
        yield found
    finally:
        found.empty()


@pytest.fixture(scope="module")
def running(cluster: Cluster) -> Cluster:
    """prod as it is applied, rolled out; two of each `work`, which KEDA says otherwise."""
    cluster.apply([*_secrets(), *_unscaled(environment("prod"))])
    for one in DEPLOYMENTS:
        if one.endswith("-work"):
            cluster.run("scale", "deployment", one, "--replicas=2", "--namespace", SERVICES_NAMESPACE)
    cluster.wait(
        lambda: all(cluster.deployment(one)["spec"].get("replicas", 1) >= 2 for one in DEPLOYMENTS),
        that="the autoscalers bring every Deployment to two",
    )
    cluster.rolled_out(*DEPLOYMENTS)
    return cluster


@pytest.mark.parametrize("where", ENVIRONMENTS)
def test_the_server_takes_every_environment_without_a_warning(where: str, cluster: Cluster) -> None:
    cluster.apply(_inside(environment(where)), really=False)


def test_the_server_takes_what_is_applied_by_hand(cluster: Cluster) -> None:
    for folder in BY_HAND:
        cluster.apply(built(folder), really=False)


def test_the_namespaces_let_every_pod_in(cluster: Cluster) -> None:
    for one in pods([*environment("prod"), *(one for folder in BY_HAND for one in built(folder))]):
        pod = {**copy.deepcopy(one.template), "apiVersion": "v1", "kind": "Pod"}
        pod["metadata"] = {"name": "tried", "namespace": one.namespace, "labels": one.labels}
        pod["spec"].pop("serviceAccountName", None)  # its account comes with it, and is not there yet

        cluster.apply([pod], really=False)


def test_the_namespace_refuses_a_pod_that_runs_as_root(cluster: Cluster) -> None:
    (one,) = [
        its
        for its in services_pods(environment("prod"), "work")
        if its.labels["app.kubernetes.io/name"] == "matching"
    ]
    spec = {
        key: value for key, value in one.spec.items() if key not in ("securityContext", "serviceAccountName")
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "root", "namespace": one.namespace},
        "spec": spec,
    }

    with pytest.raises(Refused, match="violates PodSecurity"):
        cluster.apply([pod], really=False)


def test_an_unknown_field_is_refused(cluster: Cluster) -> None:
    objects = _inside(environment("prod"))
    of_kind(objects, "Deployment")[0]["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}

    with pytest.raises(Refused, match="livenesProbe"):
        cluster.apply(objects, really=False)


def test_everything_rolls_out_and_the_migrations_end(running: Cluster) -> None:
    running.wait(
        lambda: all(job.get("status", {}).get("succeeded") == 1 for job in running.get("jobs")),
        that="every migration has succeeded",
    )

    assert len(running.get("jobs")) == len(SERVICES)
    assert [
        pod["metadata"]["name"] for pod in running.get("pods") if pod["status"]["phase"] == "Pending"
    ] == []


def test_a_release_that_never_gets_ready_takes_nothing_away_and_goes_back(running: Cluster) -> None:
    good = [
        one
        for one in built(K8S / "overlays" / "prod" / "matching")
        if one["kind"] != "HorizontalPodAutoscaler"
    ]
    bad = copy.deepcopy(good)
    for one in of_kind(bad, "Deployment"):
        one["spec"]["progressDeadlineSeconds"] = 20
        one["spec"]["template"]["metadata"]["annotations"] = dict(NEVER_READY)
        one["spec"]["template"]["spec"]["containers"][0]["image"] += "-broken"
    for one in of_kind(bad, "Job"):
        one["metadata"]["name"] += "-broken"
    before = {
        one: running.deployment(one)["status"]["availableReplicas"]
        for one in ("matching-serve", "matching-work")
    }

    running.apply(_unscaled(bad))
    running.wait(
        lambda: all(_reason(running.deployment(one)) == "ProgressDeadlineExceeded" for one in before),
        that="the release is known not to get ready",
    )
    during = {one: running.deployment(one)["status"].get("availableReplicas", 0) for one in before}
    running.apply(_unscaled(good))
    running.rolled_out(*before)

    assert during == before
    assert all("-broken" not in str(pod["spec"]) for pod in running.get("pods") if _is_up(pod))


def test_one_service_is_applied_without_touching_another(running: Cluster) -> None:
    before = {one: running.deployment(one)["metadata"]["generation"] for one in DEPLOYMENTS}

    running.apply(_unscaled(built(K8S / "overlays" / "prod" / "matching")))

    after = {one: running.deployment(one)["metadata"]["generation"] for one in DEPLOYMENTS}
    assert {one for one in DEPLOYMENTS if before[one] != after[one]} <= {"matching-serve", "matching-work"}


def test_a_changed_setting_is_applied_beside_the_migration_that_is_there(
    running: Cluster, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(K8S, tmp_path / "k8s"))
    with (root / "overlays" / "prod" / "matching" / "settings.env").open("a", encoding="utf-8") as settings:
        settings.write("LOG_LEVEL=DEBUG\n")
    (job,) = of_kind(built(K8S / "overlays" / "prod" / "matching"), "Job")
    assert running.exists("job", job["metadata"]["name"], "--namespace", SERVICES_NAMESPACE)

    running.apply(
        _unscaled(built(root / "overlays" / "prod" / "matching"))
    )  # a Job's template cannot be changed
    running.rolled_out("matching-serve", "matching-work")
    running.apply(_unscaled(built(K8S / "overlays" / "prod" / "matching")))
    running.rolled_out("matching-serve", "matching-work")


def test_a_refill_runs_and_goes_and_leaves_all_else(running: Cluster) -> None:
    kinds = "deployments,jobs,configmaps,networkpolicies,serviceaccounts,services,poddisruptionbudgets"
    (refill, _) = BY_HAND
    before = {name(one) for one in running.get(kinds)}

    running.run("apply", "--kustomize", str(refill))
    running.wait(
        lambda: all(
            job.get("status", {}).get("succeeded") == 1
            for job in running.get("jobs", "--selector=app.kubernetes.io/component=refill")
        ),
        that="every refill has ended well",
    )
    during = {name(one) for one in running.get(kinds)}
    running.run("delete", "--kustomize", str(refill))

    assert {f"Job refill-{one}" for one in ("registration", "matching", "evaluation")} <= during - before
    assert {name(one) for one in running.get(kinds)} == before


def test_a_node_is_drained_one_pod_at_a_time_and_nothing_stays_pending(running: Cluster) -> None:
    running.rolled_out(*DEPLOYMENTS)
    on = [pod["spec"]["nodeName"] for pod in running.get("pods") if _is_up(pod)]
    node = max(set(on), key=on.count)
    fewest: dict[str, int] = {}
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            for one in running.get("deployments"):
                its, ready = name(one), one["status"].get("readyReplicas", 0)
                fewest[its] = min(fewest.get(its, ready), ready - one["spec"]["replicas"])

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        running.run(
            "drain",
            node,
            "--ignore-daemonsets",
            "--delete-emptydir-data",
            "--force",
            "--timeout=240s",
            within=260,
        )
        running.rolled_out(*DEPLOYMENTS)
    finally:
        over.set()
        watcher.join()
        running.run("uncordon", node)

    assert fewest
    assert [(its, short) for its, short in fewest.items() if short < -1] == []
    assert [
        pod["metadata"]["name"] for pod in running.get("pods") if pod["status"]["phase"] == "Pending"
    ] == []


def test_matching_is_scaled_by_the_lag_of_a_real_kafka(running: Cluster, kafka: KafkaServer) -> None:
    if not _has_keda(running):
        # whose cluster it is decides what is in it; the module is run by name, and its summary says what was not tried
        pytest.skip("KEDA is not in this cluster; install KEDA 2.21 to try scaling on lag")
    (scaled,) = of_kind(built(K8S / "overlays" / "prod" / "matching"), "ScaledObject")
    spec = scaled["spec"]
    spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"][
        "stabilizationWindowSeconds"
    ] = 5
    for trigger in spec["triggers"]:
        trigger.pop("authenticationRef")
        trigger["metadata"] |= {
            "bootstrapServers": os.environ.get("KAFKA_SEEN_BY_KEDA", kafka.bootstrap),
            "tls": "disable",
        }
    create_topics(kafka.bootstrap)
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    for number in range(6_000):
        producer.produce(PARTICIPANTS.name, b"{}", key=str(number).encode())
    assert producer.flush(60) == 0
    running.apply([scaled])
    taken = itertools.count()

    def behind_but_at_work() -> bool:
        # a group that stands still is one that more of us would not help: KEDA leaves its lag out of the count
        _commit(kafka.bootstrap, at=next(taken))
        return bool(running.deployment("matching-work")["spec"]["replicas"] == spec["maxReplicaCount"])

    running.wait(behind_but_at_work, that="the lag brings more")
    _commit(kafka.bootstrap, at=None)
    running.wait(
        lambda: running.deployment("matching-work")["spec"]["replicas"] == spec["minReplicaCount"],
        that="without lag there are two again",
        within=400,
    )


def _first(objects: list[Object]) -> list[Object]:
    """What everything else lies in."""
    return of_kind(objects, "Namespace")


def _inside(objects: list[Object]) -> list[Object]:
    """All but the namespaces, which are there already."""
    return [one for one in objects if one["kind"] != "Namespace"]


def _unscaled(objects: list[Object]) -> list[Object]:
    """Without what counts `work` by lag: the Kafka that it asks is no part of this check, but for the last test."""
    return [one for one in _inside(objects) if one["kind"] != "ScaledObject"]


def _has_keda(cluster: Cluster) -> bool:
    """KEDA itself, not only its definitions."""
    return cluster.exists("apiservice", "v1beta1.external.metrics.k8s.io")


def _secrets() -> list[Object]:
    return loaded((K8S / "components" / "secrets-manual" / "shapes.yaml").read_text("utf-8"))


def _reason(deployment: Object) -> str:
    conditions = deployment.get("status", {}).get("conditions", [])
    return next((str(one.get("reason")) for one in conditions if one["type"] == "Progressing"), "")


def _is_up(pod: Object) -> bool:
    return pod["status"]["phase"] == "Running" and "deletionTimestamp" not in pod["metadata"]


def _commit(bootstrap: str, *, at: int | None) -> None:
    """Where the group `matching` says it is: so many records into each partition, or at its end."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "matching", "enable.auto.commit": False})
    places = []
    for partition in range(PARTICIPANTS.partitions):
        _, high = consumer.get_watermark_offsets(TopicPartition(PARTICIPANTS.name, partition), timeout=10)
        places.append(TopicPartition(PARTICIPANTS.name, partition, high if at is None else min(at, high)))
    consumer.commit(offsets=places, asynchronous=False)
    consumer.close()
