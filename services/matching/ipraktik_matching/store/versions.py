"""Every version of an agreement that was ever put up, with who put it up and when: for reading, never for acting."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_matching.domain.terms import Terms

_COLUMNS = "v.placement_id, v.version, v.terms, v.fingerprint, v.sign_by, v.approved, v.refused"
_OF = f"""
select {_COLUMNS}, put.at as put_up_at, put.party as put_up_by
from agreement_versions v
left join lateral (
    select h.at, h.party from history h
    where h.placement_id = v.placement_id and h.version = v.version
      and h.act in ('AgreementDrafted', 'AgreementAmended')
    order by h.id limit 1
) put on true
where v.placement_id = $1 order by v.version
"""  # noqa: S608 - the columns are this module's own words
# A prefix of a fingerprint is hexadecimal, so no character of it means anything to `like`.
_WITH_FINGERPRINT = """
select placement_id, version, fingerprint from agreement_versions where fingerprint like $1 || '%' order by fingerprint limit 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutUp:
    """A version as it was put up and answered."""

    placement_id: UUID
    terms: Terms
    fingerprint: str
    sign_by: datetime
    approved: frozenset[str]
    refused: frozenset[str]
    put_up_at: datetime | None
    put_up_by: str | None

    @property
    def number(self) -> int:
        """The version's number."""
        return self.terms.version

    @property
    def signed(self) -> bool:
        """Whether all three have approved it."""
        return len(self.approved) == 3


@dataclass(frozen=True, slots=True)
class Found:
    """Where a fingerprint is from."""

    placement_id: UUID
    version: int
    fingerprint: str


async def of_placement(conn: Any, *, placement_id: UUID) -> list[PutUp]:
    """All versions, the oldest first."""
    return [
        PutUp(
            placement_id=row["placement_id"],
            terms=Terms.from_canonical(row["terms"]),
            fingerprint=row["fingerprint"],
            sign_by=row["sign_by"],
            approved=frozenset(row["approved"]),
            refused=frozenset(row["refused"]),
            put_up_at=row["put_up_at"],
            put_up_by=row["put_up_by"],
        )
        for row in await conn.fetch(_OF, placement_id)
    ]


async def with_fingerprint(conn: Any, *, beginning: str) -> list[Found]:
    """Whose fingerprint begins so: none, one, or two for more than one."""
    return [Found(**dict(row)) for row in await conn.fetch(_WITH_FINGERPRINT, beginning)]
