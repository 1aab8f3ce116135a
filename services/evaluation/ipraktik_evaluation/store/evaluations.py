"""Evaluations: asked for, answered, expired. The row's lock comes before every decision about it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ipraktik_evaluation.domain.answers import Answers
from ipraktik_evaluation.domain.questions import Party, Wave

_ADD = """
insert into evaluation
    (evaluation_id, edition_id, placement_id, party, wave, question_set_version, answer_by, texts_erased)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::timestamptz[], $8::boolean[])
on conflict do nothing returning evaluation_id
"""
_EVALUATIONS = """
select e.*, s.first_day, s.last_day, case e.party when 'host' then s.host_id else s.intern_id end as asked_id,
    coalesce((select p.erased from participant p
        where p.participant_id = case e.party when 'host' then s.host_id else s.intern_id end), false) as asked_erased,
    coalesce((select json_object_agg(t.question, t.text) from free_text t
        where t.evaluation_id = e.evaluation_id), '{}') as texts
from evaluation e join stay s using (placement_id)
"""
_FIND = _EVALUATIONS + "where e.evaluation_id = $1"
_OF = (
    _EVALUATIONS
    + """
where $1 in (s.intern_id, s.host_id) and $1 = case e.party when 'host' then s.host_id else s.intern_id end
order by s.first_day, e.wave, e.party, e.evaluation_id
"""
)
_LOCK = "select 1 from evaluation where evaluation_id = $1 for update"
_SUBMIT = (
    "update evaluation set state = 'submitted', closed_at = $2, answers = $3::jsonb where evaluation_id = $1"
)
_WRITE = (
    "insert into free_text (evaluation_id, question, text) select $1, * from unnest($2::text[], $3::text[])"
)
_NEXT_EXPIRY = "select min(answer_by) from evaluation where state = 'open'"
_EXPIRE = """
with due as (
    select evaluation_id from evaluation where state = 'open' and answer_by <= $1
    order by answer_by, evaluation_id limit $2 for update skip locked)
update evaluation e set state = 'expired', closed_at = $1 from due where e.evaluation_id = due.evaluation_id
returning e.evaluation_id, e.edition_id, e.placement_id, e.party, e.wave, e.question_set_version, e.answer_by
"""
_ERASE_TEXTS = """
update evaluation e set texts_erased = true from stay s
where s.placement_id = e.placement_id and $1 in (s.intern_id, s.host_id)
"""
_DELETE_TEXTS = """
delete from free_text t using evaluation e join stay s using (placement_id)
where t.evaluation_id = e.evaluation_id and $1 in (s.intern_id, s.host_id)
"""
_COMMENTS = """
select e.evaluation_id, e.party, e.wave, json_object_agg(t.question, t.text) as texts
from evaluation e join free_text t using (evaluation_id)
where e.edition_id = $1 and ($2::uuid is null or e.evaluation_id > $2)
group by e.evaluation_id order by e.evaluation_id limit $3
"""


@dataclass(frozen=True, slots=True)
class Request:
    """One party asked about one stay in one wave: what each of its events repeats."""

    evaluation_id: UUID
    edition_id: UUID
    placement_id: UUID
    party: Party
    wave: Wave
    question_set_version: int
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation as it stands. `asked_id` is the sign-up whose people may answer."""

    request: Request
    state: str
    closed_at: datetime | None
    answers: Answers | None
    asked_id: UUID
    asked_erased: bool
    texts_erased: bool
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Comment:
    """What one party wrote, by question."""

    evaluation_id: UUID
    party: Party
    wave: Wave
    texts: dict[str, str]


async def add_requests(conn: Any, *, requests: Sequence[Request], without_texts: set[UUID]) -> list[Request]:
    """Keep these; only those that did not exist come back. `without_texts` are placements with somebody erased."""
    columns: list[list[Any]] = [[], [], [], [], [], [], [], []]
    for one in requests:
        values = (
            one.evaluation_id,
            one.edition_id,
            one.placement_id,
            one.party,
            one.wave,
            one.question_set_version,
            one.answer_by,
            one.placement_id in without_texts,
        )
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    new = {row["evaluation_id"] for row in await conn.fetch(_ADD, *columns)}
    return [one for one in requests if one.evaluation_id in new]


async def find_evaluation(conn: Any, *, evaluation_id: UUID) -> Evaluation | None:
    """The evaluation with what was answered."""
    row = await conn.fetchrow(_FIND, evaluation_id)
    return None if row is None else _evaluation(row)


async def evaluations_of(conn: Any, *, participant_id: UUID) -> list[Evaluation]:
    """Every evaluation that this sign-up's people are asked for."""
    return [_evaluation(row) for row in await conn.fetch(_OF, participant_id)]


async def lock_evaluation(conn: Any, *, evaluation_id: UUID) -> Evaluation | None:
    """The evaluation, locked first and read after, so that nothing read is older than the lock."""
    await conn.execute(_LOCK, evaluation_id)
    return await find_evaluation(conn, evaluation_id=evaluation_id)


async def save_answers(conn: Any, *, evaluation_id: UUID, answers: Answers, now: datetime) -> None:
    """Close the evaluation with these answers."""
    await conn.execute(_SUBMIT, evaluation_id, now, json.dumps(dict(answers.choices)))
    await conn.execute(_WRITE, evaluation_id, list(answers.texts), list(answers.texts.values()))


async def next_expiry(conn: Any) -> datetime | None:
    """When the next open evaluation runs out."""
    moment: datetime | None = await conn.fetchval(_NEXT_EXPIRY)
    return moment


async def expire_due(conn: Any, *, now: datetime, limit: int) -> list[Request]:
    """Close what has run out; in a fixed order."""
    rows = await conn.fetch(_EXPIRE, now, limit)
    return sorted((_request(row) for row in rows), key=lambda one: (one.answer_by, one.evaluation_id))


async def erase_texts(conn: Any, *, participant_id: UUID) -> None:
    """Delete what anybody wrote about this sign-up's stays. Marking locks the rows first: no text slips in behind the deletion."""
    await conn.execute(_ERASE_TEXTS, participant_id)
    await conn.execute(_DELETE_TEXTS, participant_id)


async def comments(conn: Any, *, edition_id: UUID, after: UUID | None, limit: int) -> list[Comment]:
    """What was written, a page at a time."""
    rows = await conn.fetch(_COMMENTS, edition_id, after, limit)
    return [
        Comment(row["evaluation_id"], row["party"], row["wave"], json.loads(row["texts"])) for row in rows
    ]


def choices_of(text: str) -> dict[str, str | tuple[str, ...]]:
    """Choices as they were kept."""
    return {
        code: tuple(chosen) if isinstance(chosen, list) else chosen
        for code, chosen in json.loads(text).items()
    }


def _request(row: Any) -> Request:
    return Request(
        row["evaluation_id"],
        row["edition_id"],
        row["placement_id"],
        row["party"],
        row["wave"],
        row["question_set_version"],
        row["answer_by"],
    )


def _evaluation(row: Any) -> Evaluation:
    answers = (
        None if row["answers"] is None else Answers(choices_of(row["answers"]), json.loads(row["texts"]))
    )
    return Evaluation(
        _request(row),
        row["state"],
        row["closed_at"],
        answers,
        row["asked_id"],
        row["asked_erased"],
        row["texts_erased"],
        row["first_day"],
        row["last_day"],
    )
