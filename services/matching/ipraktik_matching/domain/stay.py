"""The stay's stage: the parties say whether it was held, and a coordinator decides where they contradict each other.

From the first day on each party may say a word. "Held" completes from the last day on; earlier it is only put on record.
"Not held" ends the placement, unless another party's "held" is on record: the two contradict each other, silence no longer
completes, and a coordinator decides. A party that takes back its own early "held" contradicts nobody. The end is final.
"""

from dataclasses import replace
from datetime import datetime

from ipraktik_matching.domain.days import start_of
from ipraktik_matching.domain.facts import InternshipCompleted, InternshipNotHeld, NotHeldReason, Party
from ipraktik_matching.domain.placement import OUT, Change, Placement, Version, ended, settle
from ipraktik_matching.domain.refusals import Refused


def say(
    placement: Placement, *, party: Party, held: bool, reason: NotHeldReason = "other", now: datetime
) -> Change:
    """A party says how the stay went. Repeating it changes nothing."""
    placement, facts = settle(placement, now)
    if placement.state in ("completed", "not_held"):
        if held == (placement.state == "completed"):
            return placement, facts
        raise Refused("decided_otherwise")
    standing = _standing(placement)
    if not placement.stay_begun(now):
        raise Refused("stay_not_begun")
    if placement.disputed:
        if placement.words.get(party) == held:
            return placement, facts
        raise Refused("disputed")
    others_held = any(word for other, word in placement.words.items() if other != party)
    after = replace(placement, words={**placement.words, party: held})
    terms = standing.terms
    if not held and others_held:
        return replace(after, disputed=True), facts
    if not held:
        end = ended(after, "not_held", InternshipNotHeld(party, reason), by=party, reason=reason)
    elif now >= start_of(terms.last_day):
        end = ended(after, "completed", InternshipCompleted(terms.first_day, terms.last_day, party), by=party)
    else:
        return after, facts
    return end[0], (*facts, *end[1])


def decide(placement: Placement, *, held: bool, reason: NotHeldReason = "other", now: datetime) -> Change:
    """A coordinator decides a contradiction. Repeating it changes nothing."""
    placement, facts = settle(placement, now)
    if placement.state in ("completed", "not_held"):
        if placement.ended_by == "coordinator" and held == (placement.state == "completed"):
            return placement, facts
        raise Refused("decided_otherwise")
    terms = _standing(placement).terms
    if not placement.disputed:
        raise Refused("not_disputed")
    if not held:
        fact = InternshipNotHeld("coordinator", reason)
        end = ended(placement, "not_held", fact, by="coordinator", reason=reason)
    elif now < start_of(terms.last_day):
        raise Refused("stay_not_over")
    else:
        done = InternshipCompleted(terms.first_day, terms.last_day, "coordinator")
        end = ended(placement, "completed", done, by="coordinator")
    return end[0], (*facts, *end[1])


def _standing(placement: Placement) -> Version:
    if placement.state in OUT:
        raise Refused("ended")
    if placement.standing is None:
        raise Refused("not_signed")
    return placement.standing
