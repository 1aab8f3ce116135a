"""What the report is made of, and the reports as they were published."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_evaluation.domain.answers import Answers
from ipraktik_evaluation.domain.indicators import Submitted
from ipraktik_evaluation.domain.report import Asked
from ipraktik_evaluation.domain.signed_up import SignUp, Stay
from ipraktik_evaluation.store.evaluations import choices_of

_SIGN_UPS = """
select participant_id, role, withdrawn, organisation_id, workplace_id, municipality_code, ministerial_area, sector, ownership
from participant where edition_id = $1 and role is not null
"""
_STAYS = "select intern_id, host_id, first_day from stay where edition_id = $1"
_ASKED = """
select party, wave, count(*) as requested, count(*) filter (where state = 'submitted') as submitted,
    count(*) filter (where state = 'expired') as expired
from evaluation where edition_id = $1 group by party, wave
"""
_SUBMITTED = """
select case e.party when 'host' then s.host_id else s.intern_id end as respondent, e.party, e.wave, e.answers
from evaluation e join stay s using (placement_id) where e.edition_id = $1 and e.state = 'submitted'
"""
_FIND = """
select r.revision, r.published_at, r.body, e.name from report r join edition e using (edition_id)
where r.edition_id = $1 and ($2::int is null or r.revision = $2) order by r.revision desc limit 1
"""
# The newest revision of each edition that has one, by when its stays began: that is how years follow each other.
_PUBLISHED = """
select * from (select distinct on (r.edition_id) r.edition_id, e.name as edition_name, r.revision, r.published_at, r.body,
    (select min(s.first_day) from stay s where s.edition_id = r.edition_id) as began
from report r join edition e using (edition_id) order by r.edition_id, r.revision desc) newest
order by began nulls last, published_at, edition_id
"""
_REVISIONS = "select revision, published_at from report where edition_id = $1 order by revision desc"
_ADD = "insert into report (edition_id, revision, published_at, body) values ($1, $2, $3, $4::jsonb)"


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """A report as it was published."""

    edition_id: UUID
    edition_name: str
    revision: int
    published_at: datetime
    body: dict[str, Any]


async def sign_ups(conn: Any, *, edition_id: UUID) -> list[SignUp]:
    """Every valid sign-up of the edition."""
    return [SignUp(**dict(row)) for row in await conn.fetch(_SIGN_UPS, edition_id)]


async def stays(conn: Any, *, edition_id: UUID) -> list[Stay]:
    """Every completed stay of the edition."""
    return [Stay(**dict(row)) for row in await conn.fetch(_STAYS, edition_id)]


async def asked(conn: Any, *, edition_id: UUID) -> list[Asked]:
    """How many were asked and what became of it."""
    return [Asked(**dict(row)) for row in await conn.fetch(_ASKED, edition_id)]


async def submitted(conn: Any, *, edition_id: UUID) -> list[Submitted]:
    """What was chosen; no text leaves the database for a report."""
    return [
        Submitted(row["respondent"], row["party"], row["wave"], Answers(choices_of(row["answers"])))
        for row in await conn.fetch(_SUBMITTED, edition_id)
    ]


async def find_report(conn: Any, *, edition_id: UUID, revision: int | None = None) -> PublishedReport | None:
    """The newest report of the edition, or one revision of it."""
    row = await conn.fetchrow(_FIND, edition_id, revision)
    if row is None:
        return None
    return PublishedReport(
        edition_id, row["name"], row["revision"], row["published_at"], json.loads(row["body"])
    )


async def published_reports(conn: Any) -> list[PublishedReport]:
    """The newest report of every edition, in the order of the years."""
    rows = await conn.fetch(_PUBLISHED)
    return [
        PublishedReport(
            row["edition_id"],
            row["edition_name"],
            row["revision"],
            row["published_at"],
            json.loads(row["body"]),
        )
        for row in rows
    ]


async def revisions(conn: Any, *, edition_id: UUID) -> list[tuple[int, datetime]]:
    """Each revision of an edition's report and when it came out, newest first."""
    return [(row["revision"], row["published_at"]) for row in await conn.fetch(_REVISIONS, edition_id)]


async def add_report(
    conn: Any, *, edition_id: UUID, revision: int, published_at: datetime, body: dict[str, Any]
) -> None:
    """Keep a revision for good."""
    await conn.execute(_ADD, edition_id, revision, published_at, json.dumps(body))
