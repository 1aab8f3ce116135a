"""The agreement's stage: versions are put up, approved by three parties, refused, and called off before the stay.

Invariants: an approval belongs to one version and its fingerprint; a version that was refused is never signed; the signed
version stands until all three have approved the next.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from ipraktik_matching.domain.days import end_of, start_of, weekdays_between
from ipraktik_matching.domain.facts import (
    AgreementAmended,
    AgreementApproved,
    AgreementCancelled,
    AgreementDrafted,
    AgreementRefused,
    AgreementSigned,
    CancellationReason,
    Party,
    RefusalReason,
)
from ipraktik_matching.domain.placement import (
    ENDED,
    Change,
    Placement,
    Version,
    ended,
    settle,
)
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.domain.terms import MAX_VERSION, Terms, changed

FEWEST_WEEKDAYS: Final = 2
MOST_WEEKDAYS: Final = 5


def put_up(
    placement: Placement,
    *,
    terms: Terms,
    based_on: int,
    today: date,
    sign_days: int,
    within: tuple[date, date],
    now: datetime,
) -> Change:
    """Put up a new version. `based_on` is the version its author read (0 for the first); putting up the same anew changes nothing.

    Before signing it has `sign_days` from today, never into the stay; after signing it runs until the signed stay begins.
    """
    placement, facts = settle(placement, now)
    _open_to_change(placement, now)
    current = placement.current
    number = 0 if current is None else current.number
    terms = replace(terms, version=min(placement.last_version + 1, MAX_VERSION))
    if current is not None and number > based_on:
        if number == based_on + 1 and not changed(current.terms, terms):
            return placement, facts
        raise Refused("newer_version")
    if number < based_on:
        raise Refused("no_open_version")
    if current is not None and not current.refused and not changed(current.terms, terms):
        raise Refused("nothing_changed")
    if placement.last_version >= MAX_VERSION:
        raise Refused("too_many_versions")
    _check_days(terms, within=within, now=now)
    _check_choices(placement, terms)
    limits = [start_of(terms.first_day)]
    standing = placement.standing
    limits.append(
        end_of(date.fromordinal(today.toordinal() + sign_days))
        if standing is None
        else start_of(standing.terms.first_day)
    )
    draft = Version(terms=terms, fingerprint=terms.fingerprint(), sign_by=min(limits))
    after = replace(
        placement,
        state="signed" if standing else "drafted",
        draft=draft,
        last_version=terms.version,
    )
    if standing is None:
        return after, (
            *facts,
            AgreementDrafted(
                terms.version, draft.fingerprint, terms.first_day, terms.last_day, draft.sign_by
            ),
        )
    return after, (
        *facts,
        AgreementAmended(
            terms.version,
            standing.number,
            draft.fingerprint,
            changed(standing.terms, terms),
            draft.sign_by,
        ),
    )


def approve(placement: Placement, *, party: Party, version: int, fingerprint: str, now: datetime) -> Change:
    """A party approves a version. The third approval is the signature. Repeating it changes nothing."""
    placement, facts = settle(placement, now)
    for known in (placement.draft, placement.standing):
        if known is not None and known.number == version and known.fingerprint != fingerprint:
            raise Refused("other_fingerprint")
        if known is not None and known.number == version and party in known.approved:
            return placement, facts
    draft = _answerable(placement, version)
    if draft.refused:
        raise Refused("version_refused")
    approved = replace(draft, approved=draft.approved | {party})
    if approved.missing:
        fact = AgreementApproved(party, version, fingerprint)
        return replace(placement, draft=approved), (*facts, fact)
    signed = replace(placement, state="signed", standing=approved, draft=None)
    terms = approved.terms
    return signed, (*facts, AgreementSigned(version, fingerprint, terms.first_day, terms.last_day))


def refuse(
    placement: Placement, *, party: Party, version: int, reason: RefusalReason, now: datetime
) -> Change:
    """A party does not approve a version; a new one or a cancellation is to follow. Repeating it changes nothing."""
    placement, facts = settle(placement, now)
    standing = placement.standing
    if standing is not None and standing.number == version:
        raise Refused("approved_otherwise")
    draft = _answerable(placement, version)
    if party in draft.approved:
        raise Refused("approved_otherwise")
    if party in draft.refused:
        return placement, facts
    after = replace(placement, draft=replace(draft, refused=draft.refused | {party}))
    return after, (*facts, AgreementRefused(party, version, reason))


def cancel(placement: Placement, *, party: Party, reason: CancellationReason, now: datetime) -> Change:
    """A party calls the agreement off before the stay. Repeating it changes nothing."""
    placement, facts = settle(placement, now)
    if placement.state == "cancelled" and (placement.ended_by, placement.ended_reason) == (party, reason):
        return placement, facts
    _open_to_change(placement, now)
    if placement.state == "accepted":
        raise Refused("no_agreement_yet")
    after, cancelled = ended(
        placement, "cancelled", AgreementCancelled(party, reason), by=party, reason=reason
    )
    return after, (*facts, *cancelled)


def _open_to_change(placement: Placement, now: datetime) -> None:
    if placement.state in ENDED:
        raise Refused("ended")
    if placement.state == "proposed":
        raise Refused("no_agreement_yet")
    if placement.stay_begun(now):
        raise Refused("stay_begun")


def _answerable(placement: Placement, version: int) -> Version:
    """The draft, if it is the version meant."""
    if placement.state in ENDED:
        raise Refused("ended")
    if placement.current is None:
        raise Refused("no_agreement_yet")
    if version < placement.current.number:
        raise Refused("newer_version")
    if placement.draft is None or version != placement.draft.number:
        raise Refused("no_open_version")
    return placement.draft


def _check_days(terms: Terms, *, within: tuple[date, date], now: datetime) -> None:
    first, last = within
    if not first <= terms.first_day <= terms.last_day <= last or start_of(terms.first_day) <= now:
        raise Refused("days_outside")


def _check_choices(placement: Placement, terms: Terms) -> None:
    """A stay has 2 to 5 weekdays, and the reserve is somebody else than the contact person.

    What the proposal or the version before says already is nobody's new choice: a coordinator's pair, and agreements older than the
    rule, can still be changed in everything else.
    """
    before = None if placement.current is None else placement.current.terms
    days = terms.first_day, terms.last_day
    known = [
        (placement.first_day, placement.last_day),
        *([(before.first_day, before.last_day)] if before else []),
    ]
    if days not in known and not FEWEST_WEEKDAYS <= weekdays_between(*days) <= MOST_WEEKDAYS:
        raise Refused("stay_length")
    pair = terms.host_contact_id, terms.host_reserve_id
    kept = before is not None and pair == (before.host_contact_id, before.host_reserve_id)
    if pair[0] is not None and pair[0] == pair[1] and not kept:
        raise Refused("same_person")
