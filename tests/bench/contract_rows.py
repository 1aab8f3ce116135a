"""What the event contract costs its readers: decoding a record, and proving whole topics with `ipraktik-events verify`.

The records are those of a fictional edition, in the proportions in which their types come.
"""

import asyncio
import gc
import json
import statistics
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any

from aiokafka import AIOKafkaProducer
from bench.figures import Comparison
from bench.sizes import Size
from bench.topics import made_topics
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from ipraktik_contracts.cli.lives.edition import Edition, edition_events
from ipraktik_contracts.cli.login import Login
from ipraktik_contracts.cli.proof.ledger import Ledger
from ipraktik_contracts.cli.proof.report import proof_of
from ipraktik_contracts.cli.reading import reader_of
from ipraktik_contracts.cli.records import Taken
from ipraktik_contracts.envelope import Record, decode, encode
from ipraktik_local.kafka import KafkaServer

NAMESPACE = "benchverify."
_EVENTS_A_PARTICIPANT = 12
_WARM_RECORDS = 2000
_SENT_AT_ONCE = 2000


def compare_decode(*, size: Size) -> Sequence[Comparison]:
    """`decode` beside `json.loads` of the body alone, and beside the CloudEvents SDK's reading of the whole record."""
    records = _records(size.consumer_events)
    with_sdk = partial(from_binary, event_format=JSONFormat())
    messages = [KafkaMessage(dict(one.headers), one.key, one.value) for one in records]
    took: dict[str, list[float]] = {"decode": [], "json.loads": [], "SDK": []}
    for repeat in range(size.repeats + 1):
        runs = {
            "decode": _timed(lambda: [decode(one.headers, one.value) for one in records]),
            "json.loads": _timed(lambda: [json.loads(one.value) for one in records]),
            "SDK": _timed(lambda: [with_sdk(one) for one in messages]),
        }
        if repeat:  # the first round warms up
            for name, seconds in runs.items():
                took[name].append(seconds)
    rates = "; ".join(f"{name} {len(records) / statistics.median(all):,.0f}/s" for name, all in took.items())

    def beside(name: str, bare: str, aim: float | None) -> Comparison:
        ratios = [b / o for o, b in zip(took["decode"], took[name], strict=True)]
        return Comparison(ours="`decode` of a record", bare=bare, ratios=ratios, aim=aim, rates=rates)

    return [
        beside("json.loads", "`json.loads` of its body: no envelope, no schema", None),
        beside("SDK", "the `cloudevents` SDK's `from_binary`: no schema", 1.0),
    ]


def compare_verify(*, kafka: KafkaServer, size: Size) -> Sequence[Comparison]:
    """The proof beside a consumer that does nothing, and beside one that decodes."""

    async def turns() -> dict[str, list[tuple[float, float]]]:
        took: dict[str, list[tuple[float, float]]] = {}
        for namespace, count, repeats in (
            ("warm." + NAMESPACE, min(_WARM_RECORDS, size.consumer_events), 1),
            (NAMESPACE, size.consumer_events, size.repeats),
        ):
            await asyncio.to_thread(made_topics, kafka.bootstrap, namespace)
            await _publish(kafka.bootstrap, namespace, _records(count))
            login = Login(bootstrap=kafka.bootstrap, namespace=namespace)
            took = {"bare": [], "decoding": [], "verify": []}
            for _ in range(repeats):
                took["bare"].append(await _read(login, _nothing))
                took["decoding"].append(await _read(login, _decoded))
                took["verify"].append(await _proved(login))
        return took

    return _comparisons(asyncio.run(turns()), records=len(_records(size.consumer_events)))


def _records(count: int) -> list[Record]:
    participants = max(count // _EVENTS_A_PARTICIPANT, 3)
    return [encode(event) for event in edition_events(Edition(participants=participants))]


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    started = perf_counter()
    work()
    return perf_counter() - started


def _nothing(records: Sequence[Taken]) -> None:
    pass


def _decoded(records: Sequence[Taken]) -> None:
    for record in records:
        decode(record.headers, record.value)


async def _read(login: Login, take: Callable[[Sequence[Taken]], None]) -> tuple[float, float]:
    """Seconds from the first fetch to the last record, and how much of it `take` took: connecting is not the record's cost."""
    inside = 0.0

    def timed(records: Sequence[Taken]) -> None:
        nonlocal inside
        started = perf_counter()
        take(records)
        inside += perf_counter() - started

    gc.collect()
    async with reader_of(login) as reader:
        started = perf_counter()
        await reader.to_the_end(timed)
        return perf_counter() - started, inside


async def _proved(login: Login) -> tuple[float, float]:
    """As the command does it, to the last hash."""
    ledger = Ledger(login.namespace)
    seconds, inside = await _read(login, ledger.take)
    started = perf_counter()
    ledger.close()
    proof = proof_of(ledger)
    closing = perf_counter() - started
    if not proof.proved:
        raise AssertionError(proof.as_lines()[-1])
    return seconds + closing, inside + closing


async def _publish(bootstrap: str, namespace: str, records: Sequence[Record]) -> None:
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        for at in range(0, len(records), _SENT_AT_ONCE):
            sent = [
                await producer.send(
                    namespace + one.topic, key=one.key, value=one.value, headers=list(one.headers)
                )
                for one in records[at : at + _SENT_AT_ONCE]
            ]
            for acknowledged in sent:
                await acknowledged
    finally:
        await producer.stop()


def _comparisons(took: dict[str, list[tuple[float, float]]], *, records: int) -> Sequence[Comparison]:
    whole = statistics.median(seconds for seconds, _ in took["verify"])
    proving = statistics.median(inside for _, inside in took["verify"])
    rates = "; ".join(
        f"{name} {records / statistics.median(seconds for seconds, _ in runs):,.0f}/s"
        for name, runs in took.items()
    )

    def beside(name: str, bare: str, aim: float | None) -> Comparison:
        return Comparison(
            ours="`ipraktik-events verify`",
            bare=bare,
            ratios=[b / o for (o, _), (b, _) in zip(took["verify"], took[name], strict=True)],
            aim=aim,
            goes_to={"reading (aiokafka)": 1 - proving / whole, "proving and hashing": proving / whole},
            remark="Shares of the elapsed time.",
            rates=rates,
        )

    return [
        beside("bare", "the same consumer doing nothing with the records", 0.3),
        beside("decoding", "the same consumer calling `decode` on each", None),
    ]
