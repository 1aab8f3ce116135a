"""Answers that are not sent yet. Whoever reads a draft to change it holds the evaluation's row."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_evaluation.domain.answers import Answers
from ipraktik_evaluation.store.evaluations import choices_of

_FIND = "select revision, choices, texts from evaluation_draft where evaluation_id = $1"
_AMONG = "select evaluation_id, revision, choices, texts from evaluation_draft where evaluation_id = any($1::uuid[])"
_SAVE = """
insert into evaluation_draft (evaluation_id, revision, choices, texts, saved_at)
values ($1, 1, $2::jsonb, $3::jsonb, $4)
on conflict (evaluation_id) do update set
    revision = evaluation_draft.revision + 1, choices = excluded.choices, texts = excluded.texts, saved_at = excluded.saved_at
"""
_FORGET = "delete from evaluation_draft where evaluation_id = any($1::uuid[])"
# Whose evaluation is closed needs none; an older version of this service, running beside, closes without knowing of drafts.
_FORGET_CLOSED = """
delete from evaluation_draft d using evaluation e where e.evaluation_id = d.evaluation_id and e.state <> 'open'
"""
_FORGET_OF = """
delete from evaluation_draft d using evaluation e join stay s using (placement_id)
where e.evaluation_id = d.evaluation_id and $1 in (s.intern_id, s.host_id)
    and $1 = case e.party when 'host' then s.host_id else s.intern_id end
"""
_FORGET_TEXTS_ABOUT = """
update evaluation_draft d set texts = '{}', revision = revision + 1 from evaluation e join stay s using (placement_id)
where e.evaluation_id = d.evaluation_id and $1 in (s.intern_id, s.host_id)
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been saved so far; revision 0 is nothing."""

    revision: int
    answers: Answers


NOTHING = Draft(0, Answers())


async def find_draft(conn: Any, *, evaluation_id: UUID) -> Draft:
    """The draft of an evaluation; NOTHING where there is none."""
    row = await conn.fetchrow(_FIND, evaluation_id)
    return NOTHING if row is None else _draft(row)


async def drafts_among(conn: Any, *, evaluation_ids: list[UUID]) -> dict[UUID, Draft]:
    """The drafts of these evaluations that have one."""
    return {row["evaluation_id"]: _draft(row) for row in await conn.fetch(_AMONG, evaluation_ids)}


async def save_draft(conn: Any, *, evaluation_id: UUID, answers: Answers, now: datetime) -> None:
    """Keep this in place of what was kept before."""
    await conn.execute(
        _SAVE, evaluation_id, json.dumps(dict(answers.choices)), json.dumps(dict(answers.texts)), now
    )


async def forget_drafts(conn: Any, *, evaluation_ids: list[UUID]) -> None:
    """These are sent or run out."""
    await conn.execute(_FORGET, evaluation_ids)


async def forget_closed(conn: Any) -> None:
    """Drafts of evaluations that take no answer any more."""
    await conn.execute(_FORGET_CLOSED)


async def forget_of(conn: Any, *, participant_id: UUID) -> None:
    """A sign-up's own drafts go, and what anybody has written so far about its stays."""
    await conn.execute(_FORGET_OF, participant_id)
    await conn.execute(_FORGET_TEXTS_ABOUT, participant_id)


def _draft(row: Any) -> Draft:
    return Draft(row["revision"], Answers(choices_of(row["choices"]), json.loads(row["texts"])))
