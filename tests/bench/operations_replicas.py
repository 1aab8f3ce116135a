"""What more replicas of `work` bring: matching eating a backlog of sign-ups, and notify handing mails to a server that takes 50 ms.

Every turn checks what it measured: nothing lost, no mail twice.
"""

import signal
import statistics
import time
import uuid
from collections.abc import Mapping, Sequence

from bench.cpu import processor_seconds, spent
from bench.figures import Comparison, Operated, shares
from bench.operations_events import Ready, edition, letters, publish, sign_ups
from bench.operations_pods import Pods, count, servers_of, signalled, sink_of, until
from bench.sizes import Size
from bench.topics import made_topics

from ipraktik_contracts.topics import CONTACTS, PARTICIPANTS

_MATCHING = (1, 2, 4)
_EDITIONS = 12
"""Matching takes the sign-ups of one edition in under one lock; those of several need not wait for each other."""
_NOTIFY = (1, 2)
_AWAY = "smtp://127.0.0.1:9"
"""Nobody listens at the port of what is thrown away."""
_ANSWER_SECONDS = 0.05
_WHILE_STARTING_SECONDS = 0.4
"""What the mail server takes until all replicas have started, so that hardly a mail goes out before the clock runs."""
_CONNECTIONS = 4
"""Of a replica, where MAIL_CONNECTIONS is not set."""
ALONE = "bench.matching."
"""Topics that only matching hears: notify would write to everybody in the backlog."""
PARTITIONS_OF_MATCHING = PARTICIPANTS.partitions + CONTACTS.partitions
"""What its replicas share."""
_PENDING = "select count(*) from mail where state = 'pending'"
TAKEN = "select count(*) from inbox where event_id = any($1::uuid[])"


def compare_matching(*, pods: Pods, size: Size, cores: int) -> Operated:
    """A line per number of replicas above one; sign-ups per second beside those of one."""
    most = _MATCHING[-1]
    made_topics(servers_of(pods)[0].bootstrap, ALONE)
    places = [uuid.uuid4() for _ in range(_EDITIONS)]
    _taken_in(pods, [one for place in places for one in edition(place)])
    found: dict[int, list[_Turn]] = {number: [] for number in _MATCHING}
    spread: list[_Turn] = []
    for repeat in range(size.repeats + 1):
        for number in _MATCHING if repeat else _MATCHING[:1]:  # the first warms Kafka and PostgreSQL
            turn = _eaten(pods, number, backlog=sign_ups(size.operations_sign_ups, editions=places[:1]))
            if repeat:
                found[number].append(turn)
        if repeat:
            spread.append(_eaten(pods, most, backlog=sign_ups(size.operations_sign_ups, editions=places)))
    compared = [
        Comparison(
            ours=f"{number} replicas of matching's `work` eating a backlog of sign-ups of one edition",
            bare="one replica",
            ratios=[
                many.per_second / one.per_second for many, one in zip(found[number], found[1], strict=True)
            ],
            aim=None,
            goes_to=shares(_middles(found[number])),
            remark=_remark(found[number], cores=cores),
            rates="matching: "
            + "; ".join(
                f"{n} {statistics.median(turn.per_second for turn in turns):,.0f} sign-ups/s"
                for n, turns in found.items()
            ),
        )
        for number in _MATCHING[1:]
    ]
    beside_one = Comparison(
        ours=f"{most} replicas of matching's `work`, the backlog in {_EDITIONS} editions",
        bare=f"{most} replicas, the backlog in one",
        ratios=[many.per_second / one.per_second for many, one in zip(spread, found[most], strict=True)],
        aim=None,
        goes_to=shares(_middles(spread)),
        remark=_remark(spread, cores=cores),
    )
    return Operated([*compared, beside_one])


def _remark(turns: Sequence["_Turn"], *, cores: int) -> str:
    used = statistics.median(sum(turn.used.values()) / turn.seconds / cores for turn in turns)
    return f"Shares of the processor time; {used:.0%} of the {cores} cores were in use."


class _Turn:
    """One backlog eaten."""

    def __init__(self, *, done: int, seconds: float, used: Mapping[str, float]) -> None:
        self.per_second = done / seconds
        self.seconds = seconds
        self.used = used


def _middles(turns: Sequence[_Turn]) -> dict[str, float]:
    return {part: statistics.median(turn.used[part] for turn in turns) for part in turns[0].used}


def _eaten(pods: Pods, replicas: int, *, backlog: Sequence[Ready]) -> _Turn:
    """The replicas hold their partitions and stand still while the backlog comes; then they go."""
    kafka, postgres = servers_of(pods)
    running = pods.started("matching", "work", replicas, TOPIC_NAMESPACE=ALONE)
    try:
        pods.shared_out(running, partitions=PARTITIONS_OF_MATCHING)
        signalled(running, signal.SIGSTOP)
        publish(kafka.bootstrap, backlog, namespace=ALONE)
        parts = {f"replica {number}": one.pid for number, one in enumerate(running, 1)}
        before = processor_seconds(parts | {"PostgreSQL": postgres.pid, "Kafka": kafka.pid})
        began = time.perf_counter()
        signalled(running, signal.SIGCONT)
        ended = until_taken(pods, "matching", backlog)
        used = spent(before, processor_seconds(parts | {"PostgreSQL": postgres.pid, "Kafka": kafka.pid}))
    finally:
        pods.end(running)
    by_replicas = sum(seconds for part, seconds in used.items() if part in parts)
    return _Turn(
        done=len(backlog) // 2,
        seconds=ended - began,
        used={"the replicas": by_replicas, "PostgreSQL": used["PostgreSQL"], "Kafka": used["Kafka"]},
    )


def until_taken(pods: Pods, service: str, backlog: Sequence[Ready]) -> float:
    """Until every event of it has had its effect in the service; the instant."""
    ids = [one.event_id for one in backlog]
    return until(
        lambda: count(pods, service, TAKEN, ids) == len(ids), what=f"a backlog of {service}", look=0.05
    )


def _taken_in(pods: Pods, ready: Sequence[Ready]) -> None:
    """By one replica, before anything is measured."""
    running = pods.started("matching", "work", TOPIC_NAMESPACE=ALONE)
    publish(servers_of(pods)[0].bootstrap, ready, namespace=ALONE)
    until_taken(pods, "matching", ready)
    pods.end(running)


def compare_mailing(*, pods: Pods, size: Size) -> Operated:
    """Mails per second of two replicas beside one."""
    found: dict[int, list[float]] = {number: [] for number in _NOTIFY}
    _mailed(pods, 1, mails=min(size.operations_mails, 100))  # warms the sink, and whatever else is cold
    for _ in range(size.repeats):
        for number in _NOTIFY:
            found[number].append(_mailed(pods, number, mails=size.operations_mails))
    ratios = [two / one for two, one in zip(found[2], found[1], strict=True)]
    rates = "; ".join(f"{n} {statistics.median(rate):,.1f} mails/s" for n, rate in found.items())
    busy = {number: statistics.median(rate) * _ANSWER_SECONDS for number, rate in found.items()}
    return Operated(
        [
            Comparison(
                ours="2 replicas of notify's `work` handing in mails, 50 ms each",
                bare="one replica",
                ratios=ratios,
                aim=1.7,
                goes_to={
                    "waiting for the mail server": min(busy[1] / _CONNECTIONS, 1.0),
                    "everything else": max(1.0 - busy[1] / _CONNECTIONS, 0.0),
                },
                remark=(
                    f"Shares of the elapsed time of one replica with {_CONNECTIONS} connections. On average {busy[1]:.1f} connections "
                    f"were waiting for the server with one replica, {busy[2]:.1f} with two."
                ),
                rates=f"notify: {rates}",
            )
        ]
    )


def _mailed(pods: Pods, replicas: int, *, mails: int) -> float:
    """All mails are written down while the server is away; then replicas start that know one which takes its time."""
    kafka, _ = servers_of(pods)
    sink = sink_of(pods)
    before = sink.last()

    planning = pods.started("notify", "work", SMTP_URL=_AWAY, MAIL_RETRY_SECONDS="600")
    try:
        publish(kafka.bootstrap, letters(mails))
        until(lambda: count(pods, "notify", _PENDING) == mails, what="mails to send", look=0.05)
    finally:
        pods.end(planning)
    sink.fault("delay", times=None, seconds=_WHILE_STARTING_SECONDS)
    try:
        sending = pods.started("notify", "work", replicas)
        try:
            sink.clear_faults()
            sink.fault("delay", times=None, seconds=_ANSWER_SECONDS)
            time.sleep(_WHILE_STARTING_SECONDS)  # those that came before are through
            at, began = sink.last() - before, time.perf_counter()
            ended = until(lambda: sink.last() - before >= mails, what="mails sent", look=0.05)
        finally:
            pods.end(sending)
    finally:
        sink.clear_faults()
    came = sink.last() - before
    if came != mails or sink.duplicates():
        raise RuntimeError(
            f"{mails} mails were to be sent once each; {came} came, twice: {sink.duplicates()}"
        )
    return (mails - at) / (ended - began)
