"""The rows of operations, on one stack of whole processes: what an operator asks before the first page at night.

Each row checks what it measures: where something is lost or comes twice there is no figure, and the run ends with what was missing.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figures import Operated
from bench.operations_draining import measure_draining
from bench.operations_partitions import show_partitions
from bench.operations_pods import Pods
from bench.operations_recovery import measure_recovery
from bench.operations_replicas import compare_mailing, compare_matching
from bench.operations_starting import compare_starting
from bench.signing_up import open_edition
from bench.sizes import Size

from ipraktik_local.stack import Stack

OPERATIONS = ("starting", "partitions", "replicas", "draining", "recovery")
"""By name; `operations` means all of them."""


def measure_operations(
    *, home: Path, rows: Sequence[str], size: Size, cores: int, say: Callable[[str], None]
) -> Operated:
    """What the rows found, together."""
    found: list[Operated] = []
    with Stack(home, rooms=["serve"], settings={"LOG_LEVEL": "WARNING"}) as stack, Pods(stack) as pods:
        kafka, postgres = stack.kafka, stack.postgres
        assert kafka is not None
        assert postgres is not None
        for service in ("matching", "notify", "evaluation"):  # registration's stays, for who signs up
            stack.stop_process(service, "serve")
        open_edition(stack.env["REGISTRATION_URL"], token=stack.env["COORDINATOR_TOKEN"])
        steps: dict[str, Sequence[Callable[[], Operated]]] = {
            "starting": [lambda: compare_starting(pods=pods, size=size)],
            "partitions": [lambda: show_partitions(bootstrap=kafka.bootstrap, postgres=postgres)],
            "replicas": [
                lambda: compare_matching(pods=pods, size=size, cores=cores),
                lambda: compare_mailing(pods=pods, size=size),
            ],
            "draining": [lambda: measure_draining(pods=pods, size=size)],
            "recovery": [lambda: measure_recovery(pods=pods, size=size)],
        }
        for row in OPERATIONS:
            for step in steps.get(row, ()) if row in rows else ():
                found.append(one := step())
                _tell(one, say)
    return Operated(
        [each for one in found for each in one.compared],
        [each for one in found for each in one.noted],
        [each for one in found for each in one.facts],
    )


def _tell(found: Operated, say: Callable[[str], None]) -> None:
    for one in found.compared:
        least, median, most = one.spread
        say(f"{one.ours} / {one.bare}: {least:.2f} / {median:.2f} / {most:.2f}")
    for rates in dict.fromkeys(one.rates for one in found.compared if one.rates):
        say(f"    {rates}")
    for noted in found.noted:
        least, median, most = noted.spread
        say(f"{noted.what}: {least:.2f} / {median:.2f} / {most:.2f} {noted.unit}")
    for fact in found.facts:
        say(fact)
