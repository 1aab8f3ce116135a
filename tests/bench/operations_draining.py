"""From SIGTERM to the end, with work in hand: requests, rows on their way to Kafka, a batch, mails.

A turn is one chain: people sign up at a `serve` that ends under them; the rows they left are relayed by a `work` that ends over
them; notify's `work` ends with the batch and the mails of the same sign-ups in hand. In the end each has one mail, no more.
"""

import uuid
from dataclasses import dataclass

from bench.figures import Noted, Operated
from bench.operations_events import edition, publish, sign_ups
from bench.operations_pods import Pods, count, drained, servers_of, sink_of, until
from bench.operations_replicas import ALONE, TAKEN, until_taken
from bench.operations_sign_ups import SigningUp, asked_again
from bench.sizes import Size
from bench.topics import made_topics

from ipraktik_local.ports import HOST

_ANSWER_SECONDS = 0.05
_OUTBOX = "select count(*) from outbox"
_SIGNED_UP = "select count(*) from participant"
_UNSETTLED = "select count(*) from mail where state in ('pending', 'sending')"


@dataclass(frozen=True, slots=True)
class _Ended:
    """A process that was told to end, and did."""

    what: str
    seconds: float
    status: int
    cut_off: int = 0
    """Requests whose connection was closed before an answer."""


def measure_draining(*, pods: Pods, size: Size) -> Operated:
    """A line per process. Raises RuntimeError where something is lost or comes twice; another status than 0 is told."""
    kafka, _ = servers_of(pods)
    made_topics(kafka.bootstrap, ALONE)
    people, mails = count(pods, "registration", _SIGNED_UP), sink_of(pods).last()
    ended: list[_Ended] = []
    written_to = 0
    for _ in range(size.operations_repeats):
        rows = (_registration_serve, _registration_work, _notify_work, _matching_work)
        ended += [row(pods, size) for row in rows]  # each works off what the one before left
        written_to = _everybody_has_one_mail(pods, people=people, mails=mails)
    wrong = ", ".join(f"{one.what}: {one.status}" for one in ended if one.status)
    return Operated(
        noted=[
            Noted(
                f"{what}, from SIGTERM to the end",
                [one.seconds for one in ended if one.what == what],
                beside="`DRAIN_SECONDS` is 15",
            )
            for what in dict.fromkeys(one.what for one in ended)
        ],
        facts=[
            f"Ended under load by SIGTERM, {f'**not all with status 0** ({wrong})' if wrong else 'all with status 0'}: {written_to} people "
            f"signed up meanwhile and got one mail each; {sum(one.cut_off for one in ended)} of them had their connection closed "
            "before an answer, asked again with the same key, and are signed up once."
        ],
    )


def _registration_serve(pods: Pods, size: Size) -> _Ended:
    (serve,) = pods.started("registration", "serve")
    with SigningUp(f"http://{HOST}:{serve.env['HTTP_PORT']}") as people:
        people.until(lambda seen: seen.taken >= size.operations_waiting and seen.in_flight > 0)
        seconds, status = drained(serve)
    cut_off = len(people.answers.broken) - people.answers.refused
    asked_again(pods.stack.env["REGISTRATION_URL"], people.answers.broken)
    return _Ended("registration's `serve` with 16 people signing up", seconds, status, cut_off)


def _registration_work(pods: Pods, size: Size) -> _Ended:
    before = count(pods, "registration", _OUTBOX)
    pod = pods.pod("registration", "work")
    pod.start()
    until(lambda: count(pods, "registration", _OUTBOX) < before, what="the outbox to get less", look=0.005)
    seconds, status = drained(pod)
    (again,) = pods.started("registration", "work")
    until(lambda: count(pods, "registration", _OUTBOX) == 0, what="the outbox empty", look=0.05)
    pods.end([again])
    return _Ended("registration's `work` relaying a full outbox", seconds, status)


def _notify_work(pods: Pods, size: Size) -> _Ended:
    sink = sink_of(pods)
    before = sink.last()
    sink.fault("delay", times=None, seconds=_ANSWER_SECONDS)
    try:
        pod = pods.pod("notify", "work")
        pod.start()
        until(lambda: sink.last() > before, what="a mail on its way")
        seconds, status = drained(pod)
    finally:
        sink.clear_faults()
    return _Ended("notify's `work` with a batch and mails of 50 ms in hand", seconds, status)


def _matching_work(pods: Pods, size: Size) -> _Ended:
    place = uuid.uuid4()
    backlog = [*edition(place), *sign_ups(size.operations_waiting * 4, editions=[place])]
    publish(servers_of(pods)[0].bootstrap, backlog, namespace=ALONE)
    ids = [one.event_id for one in backlog]
    pod = pods.pod("matching", "work", TOPIC_NAMESPACE=ALONE)
    pod.start()
    until(lambda: count(pods, "matching", TAKEN, ids) > 0, what="a first batch")
    seconds, status = drained(pod)
    (again,) = pods.started("matching", "work", TOPIC_NAMESPACE=ALONE)
    until_taken(pods, "matching", backlog)
    pods.end([again])
    return _Ended("matching's `work` with a batch in hand", seconds, status)


def _everybody_has_one_mail(pods: Pods, *, people: int, mails: int) -> int:
    """Notify goes on where it was ended: how many have signed up beyond so many, each with exactly one mail beyond so many."""
    sink = sink_of(pods)
    signed_up = count(pods, "registration", _SIGNED_UP) - people
    (again,) = pods.started("notify", "work")
    until(lambda: sink.last() - mails >= signed_up, what="a mail to everybody", look=0.1)
    until(lambda: count(pods, "notify", _UNSETTLED) == 0, what="the last mail noted", look=0.05)
    pods.end([again])
    came, twice = sink.last() - mails, sink.duplicates()
    if came != signed_up or twice:
        raise RuntimeError(f"{signed_up} signed up; {came} mails came, twice: {twice}")
    return signed_up
