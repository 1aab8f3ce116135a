"""The report of an edition as it would be published now, small steps from the standing one held back."""

from typing import Any
from uuid import UUID

from ipraktik_evaluation.domain.report import report_body
from ipraktik_evaluation.store import reports
from ipraktik_evaluation.store.reports import PublishedReport


async def work_out_report(conn: Any, *, edition_id: UUID, standing: PublishedReport | None) -> dict[str, Any]:
    """Its body. Changes nothing, so a coordinator may look as often as they like."""
    return report_body(
        sign_ups=await reports.sign_ups(conn, edition_id=edition_id),
        stays=await reports.stays(conn, edition_id=edition_id),
        asked=await reports.asked(conn, edition_id=edition_id),
        submitted=await reports.submitted(conn, edition_id=edition_id),
        previous=None if standing is None else standing.body,
    )
