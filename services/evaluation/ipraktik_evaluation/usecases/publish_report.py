"""A coordinator publishes the report of an edition. Nothing new: the standing revision is the answer. A revision never changes."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import Indicator, ReportPublished
from ipraktik_evaluation.domain.report import indicators_in, report_body
from ipraktik_evaluation.store import editions, reports
from ipraktik_evaluation.store.reports import PublishedReport


class NoSuchEdition(Exception):
    """No EditionChanged of this edition has come here."""


async def publish_report(tx: Transaction, *, edition_id: UUID) -> tuple[PublishedReport, bool]:
    """The report as it now stands, and whether this made a new revision. One publication of an edition at a time."""
    edition = await editions.lock_edition(tx.conn, edition_id=edition_id)
    if edition is None or edition.name is None:
        raise NoSuchEdition
    standing = await reports.find_report(tx.conn, edition_id=edition_id)
    body = report_body(
        sign_ups=await reports.sign_ups(tx.conn, edition_id=edition_id),
        stays=await reports.stays(tx.conn, edition_id=edition_id),
        asked=await reports.asked(tx.conn, edition_id=edition_id),
        submitted=await reports.submitted(tx.conn, edition_id=edition_id),
        previous=None if standing is None else standing.body,
    )
    if standing is not None and standing.body == body:
        return standing, False
    revision = 1 if standing is None else standing.revision + 1
    await reports.add_report(
        tx.conn, edition_id=edition_id, revision=revision, published_at=tx.now, body=body
    )
    await tx.emit(
        ReportPublished(
            edition_id=edition_id,
            revision=revision,
            indicators=tuple(
                Indicator(code=one.code, n=one.n, share=one.share) for one in indicators_in(body)
            ),
        )
    )
    return PublishedReport(edition_id, edition.name, revision, tx.now, body), True
