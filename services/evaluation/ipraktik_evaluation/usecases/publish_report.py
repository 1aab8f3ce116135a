"""A coordinator publishes the report of an edition. Nothing new: the standing revision is the answer. A revision never changes."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import Indicator, ReportPublished
from ipraktik_evaluation.domain.report import indicators_in
from ipraktik_evaluation.domain.schedule import still_signing_up
from ipraktik_evaluation.store import editions, reports
from ipraktik_evaluation.store.reports import PublishedReport
from ipraktik_evaluation.usecases.work_out_report import work_out_report


class NoSuchEdition(Exception):
    """No EditionChanged of this edition has come here."""


class StillOpen(Exception):
    """People can still sign up for this campaign: its figures would be old the day after."""


async def publish_report(tx: Transaction, *, edition_id: UUID) -> tuple[PublishedReport, bool]:
    """The report as it now stands, and whether this made a new revision. One publication of an edition at a time.

    Evaluations may be open still: later answers make a later revision. A campaign that takes sign-ups has no report; a rolling
    edition always takes them and may have one at any time. Raises NoSuchEdition or StillOpen.
    """
    edition = await editions.lock_edition(tx.conn, edition_id=edition_id)
    if edition is None or edition.name is None:
        raise NoSuchEdition
    if still_signing_up(mode=edition.mode, closes_at=edition.closes_at, now=tx.now):
        raise StillOpen
    standing = await reports.find_report(tx.conn, edition_id=edition_id)
    body = await work_out_report(tx.conn, edition_id=edition_id, standing=standing)
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
