"""All orders of answering, putting up, approving, refusing, cancelling, leaving, speaking and letting time pass."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ipraktik_matching.domain import facts, leaving, stay
from ipraktik_matching.domain.agreement import approve, cancel, put_up, refuse
from ipraktik_matching.domain.days import day_of, silence_ends, start_of
from ipraktik_matching.domain.facts import AnsweringParty, Party
from ipraktik_matching.domain.first_draft import first_draft
from ipraktik_matching.domain.placement import ENDED, PARTIES, Change, Placement, due_at, settle
from ipraktik_matching.domain.proposal import accept, answer_deadline, decline, propose
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.domain.terms import Terms

START = datetime(2018, 6, 11, 8, tzinfo=UTC)
WEEK = (date(2018, 9, 10), date(2018, 9, 14))
SIGN_DAYS = 30
parties = st.sampled_from(PARTIES)
STAGES = st.sampled_from(["proposed", "drafted", "drafted", "signed", "begun"])
seldom = st.sampled_from([False, False, False, False, True])
answering: st.SearchStrategy[AnsweringParty] = st.sampled_from(("intern", "host"))


class PlacementMachine(RuleBasedStateMachine):
    """A placement and a model that remembers who approved which text."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        """A new placement and an empty memory."""
        self.now = START
        self.acts_after_the_end = 0
        self.said: list[facts.Fact] = []
        self.approvals: dict[tuple[int, str], set[Party]] = {}
        self.texts: dict[int, str] = {}
        self.refused: set[int] = set()
        self.placement, began = propose(
            placement_id=uuid.UUID(int=1),
            edition_id=uuid.UUID(int=2),
            intern_id=uuid.UUID(int=3),
            host_id=uuid.UUID(int=4),
            group_id=None,
            run_id=uuid.UUID(int=5),
            origin="matched",
            reasons=("field",),
            first_day=WEEK[0],
            last_day=WEEK[1],
            answer_by=answer_deadline(today=day_of(START), answer_days=14, first_day=WEEK[0]),
        )
        self.said += began

    def act(self, deed: Callable[[Placement], Change]) -> bool:
        """Do it, and hold every transition to exactly one fact. False where it was refused."""
        self.acts_after_the_end += self.placement.state in ENDED
        settled, passed = settle(self.placement, self.now)
        self.hear(self.placement, settled, passed)
        self.placement = settled
        try:
            after, became_true = deed(settled)
        except Refused:
            return False
        self.hear(settled, after, became_true)
        assert settle(after, self.now) == (after, ()), "an act leaves nothing that is already due"
        self.placement = after
        return True

    def hear(self, before: Placement, after: Placement, became_true: tuple[facts.Fact, ...]) -> None:
        if before.state in ENDED:
            assert became_true == ()
            assert after == before
        drafted_after_yes = (
            len(became_true) == 2
            and isinstance(became_true[0], facts.MatchAccepted)
            and became_true[0].both
            and isinstance(became_true[1], facts.AgreementDrafted)
        )
        lapsed_then_silence = [type(fact) for fact in became_true] == [
            facts.AgreementLapsed,
            facts.InternshipCompleted,
        ]
        assert len(became_true) <= 1 or drafted_after_yes or lapsed_then_silence
        if before.state != after.state:
            assert became_true, f"{before.state} became {after.state} without a word"
        for fact in became_true:
            self.fits(fact, before, after)
            if isinstance(fact, facts.AgreementDrafted | facts.AgreementAmended):
                assert fact.version not in self.texts
                self.texts[fact.version] = fact.fingerprint
            if isinstance(fact, facts.AgreementSigned):
                assert self.texts[fact.version] == fact.fingerprint
                assert self.approvals[fact.version, fact.fingerprint] == set(PARTIES)
                assert fact.version not in self.refused, "a refused version is never signed"
            if isinstance(fact, facts.AgreementRefused):
                self.refused.add(fact.version)
        self.said += became_true

    def fits(self, fact: facts.Fact, before: Placement, after: Placement) -> None:
        if isinstance(fact, facts.AgreementDrafted | facts.AgreementAmended):
            assert after.draft is not None
            assert not after.draft.approved, "a new version voids what was approved before"
        if isinstance(fact, facts.AgreementAmended | facts.AgreementCancelled | facts.MatchWithdrawn):
            assert not before.stay_begun(self.now), "once the stay has begun, words decide"
        if isinstance(fact, facts.InternshipCompleted | facts.InternshipNotHeld):
            assert before.standing is not None
            assert self.now >= start_of(before.standing.terms.first_day)
        if isinstance(fact, facts.InternshipCompleted):
            assert before.standing is not None
            assert self.now >= start_of(before.standing.terms.last_day)
            assert fact.decided_by == "coordinator" or not before.disputed
            late = self.now >= silence_ends(before.standing.terms.last_day)
            assert (fact.decided_by == "silence") == (late and not before.disputed)
        if isinstance(fact, facts.InternshipNotHeld) and fact.by != "coordinator":
            assert not any(word for party, word in before.words.items() if party != fact.by)

    @precondition(lambda self: self.acts_after_the_end > 3)
    @rule(stage=STAGES)
    def another_placement_begins(self, stage: str) -> None:
        """Steps are not wasted on what has ended long ago."""
        self.begin()
        self.some_way_on(stage)

    @initialize(stage=STAGES)
    def some_way_on(self, stage: str) -> None:
        if stage != "proposed":
            self.somebody_says_yes(party="host")
            self.somebody_says_yes(party="intern")
        if stage in ("signed", "begun"):
            self.everybody_approves()
        if stage == "begun":
            self.the_stay_comes(day=0)

    @rule(step=st.sampled_from([1, 12, 24, 24 * 7, 24 * 30, 24 * 60]))
    def time_passes(self, step: int) -> None:
        self.now += timedelta(hours=step)
        self.act(lambda placement: (placement, ()))

    @precondition(lambda self: self.placement.state not in ENDED and due_at(self.placement) is not None)
    @rule(short=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def time_comes_to_the_deadline(self, short: timedelta) -> None:
        moment = due_at(self.placement)
        assert moment is not None
        self.now = max(self.now, moment - short)
        self.act(lambda placement: (placement, ()))

    @precondition(lambda self: self.placement.standing is not None)
    @rule(day=st.integers(0, 4))
    def the_stay_comes(self, day: int) -> None:
        assert self.placement.standing is not None
        at = datetime.combine(self.placement.standing.terms.first_day, START.timetz()) + timedelta(days=day)
        self.now = max(self.now, at)
        self.act(lambda placement: (placement, ()))

    @rule(party=answering)
    def somebody_says_yes(self, party: AnsweringParty) -> None:
        def deed(placement: Placement) -> Change:
            after, said = accept(placement, party=party, now=self.now)
            if after.state != "accepted":
                return after, said
            after, drafted = self.version(after, self.terms(), based_on=0)
            return after, said + drafted

        self.act(deed)

    @rule(party=answering, really=seldom)
    def somebody_says_no(self, party: AnsweringParty, really: bool = True) -> None:
        if not really:
            return
        self.act(lambda placement: decline(placement, party=party, reason="other", now=self.now))

    @rule(programme=st.sampled_from("abc"), first=st.integers(0, 3), back=st.integers(0, 1))
    def somebody_puts_up_a_version(self, programme: str, first: int, back: int) -> None:
        terms = replace(self.terms(), programme=programme, first_day=WEEK[0] + timedelta(days=first))
        based_on = max(self.placement.last_version - back, 0)
        self.act(lambda placement: self.version(placement, terms, based_on=based_on))

    @rule(party=parties, back=st.integers(0, 1))
    def somebody_approves(self, party: Party, back: int) -> None:
        version = max(self.placement.last_version - back, 1)
        fingerprint = self.texts.get(version, "0" * 64)
        self.approving(party, version, fingerprint)

    @rule(party=parties)
    def somebody_approves_a_text_never_put_up(self, party: Party) -> None:
        assert not self.act(
            lambda placement: approve(
                placement,
                party=party,
                version=max(placement.last_version, 1),
                fingerprint="f" * 64,
                now=self.now,
            )
        )

    @rule(really=seldom)
    def everybody_approves(self, really: bool = True) -> None:
        if not really:
            return
        for party in PARTIES:
            version = max(self.placement.last_version, 1)
            self.approving(party, version, self.texts.get(version, "0" * 64))

    @rule(
        deeds=st.lists(
            st.tuples(parties, st.sampled_from(["approve", "approve", "approve", "change", "refuse"])),
            min_size=2,
            max_size=8,
        )
    )
    def the_parties_work_on_the_agreement(self, deeds: list[tuple[Party, str]]) -> None:
        for party, deed in deeds:
            if deed == "approve":
                self.somebody_approves(party=party, back=0)
            elif deed == "refuse":
                self.somebody_refuses(party=party)
            else:
                self.somebody_puts_up_a_version(programme=f"{self.placement.last_version}", first=0, back=0)

    @rule(party=parties)
    def somebody_refuses(self, party: Party) -> None:
        version = max(self.placement.last_version, 1)
        self.act(
            lambda placement: refuse(placement, party=party, version=version, reason="terms", now=self.now)
        )

    @rule(party=parties, really=seldom)
    def somebody_cancels(self, party: Party, really: bool = True) -> None:
        if not really:
            return
        self.act(lambda placement: cancel(placement, party=party, reason="other", now=self.now))

    @rule(party=answering, erased=st.booleans(), really=seldom)
    def a_sign_up_leaves(self, party: AnsweringParty, erased: bool, really: bool = True) -> None:
        if not really:
            return
        self.act(
            lambda placement: leaving.participant_leaves(placement, party=party, erased=erased, now=self.now)
        )

    @rule(really=seldom)
    def the_companion_is_out(self, really: bool = True) -> None:
        if not really:
            return
        self.act(lambda placement: leaving.companion_leaves(placement, now=self.now))

    @rule(really=seldom)
    def a_coordinator_takes_it_back(self, really: bool = True) -> None:
        if not really:
            return
        self.act(lambda placement: leaving.coordinator_withdraws(placement, now=self.now))

    @rule(party=parties, held=st.booleans())
    def somebody_speaks_of_the_stay(self, party: Party, held: bool) -> None:
        self.act(lambda placement: stay.say(placement, party=party, held=held, now=self.now))

    @precondition(lambda self: self.placement.stay_begun(self.now))
    @rule(
        words=st.lists(st.tuples(parties, st.booleans()), min_size=2, max_size=4),
        days=st.sampled_from([0, 1, 10]),
    )
    def they_speak_one_after_another(self, words: list[tuple[Party, bool]], days: int) -> None:
        for party, held in words:
            self.somebody_speaks_of_the_stay(party=party, held=held)
        self.time_passes(step=24 * days)

    @rule(held=st.booleans())
    def a_coordinator_decides(self, held: bool) -> None:
        self.act(lambda placement: stay.decide(placement, held=held, now=self.now))

    @invariant()
    def the_standing_version_is_the_last_signed(self) -> None:
        signed = [fact for fact in self.said if isinstance(fact, facts.AgreementSigned)]
        standing = self.placement.standing
        assert (standing is None) == (not signed)
        if standing is not None:
            assert (standing.number, standing.fingerprint) == (signed[-1].version, signed[-1].fingerprint)
            assert standing.terms.fingerprint() == standing.fingerprint

    @invariant()
    def there_is_at_most_one_ending_and_it_is_the_last_word(self) -> None:
        endings = [place for place, fact in enumerate(self.said) if _ends(fact)]
        assert (self.placement.state in ENDED) == bool(endings)
        assert endings in ([], [len(self.said) - 1])

    def approving(self, party: Party, version: int, fingerprint: str) -> None:
        def deed(placement: Placement) -> Change:
            # The model remembers before it hears: a signature checks that all three are remembered.
            change = approve(placement, party=party, version=version, fingerprint=fingerprint, now=self.now)
            self.approvals.setdefault((version, fingerprint), set()).add(party)
            return change

        self.act(deed)

    def terms(self) -> Terms:
        return first_draft(
            placement_id=self.placement.placement_id,
            first_day=WEEK[0],
            last_day=WEEK[1],
            host_contact_id=None,
            host_reserve_id=None,
            language="da",
        )

    def version(self, placement: Placement, terms: Terms, *, based_on: int) -> Change:
        return put_up(
            placement,
            terms=terms,
            based_on=based_on,
            today=day_of(self.now),
            sign_days=SIGN_DAYS,
            within=WEEK,
            now=self.now,
        )


def _ends(fact: facts.Fact) -> bool:
    if isinstance(fact, facts.AgreementLapsed):
        return fact.standing_version is None
    return isinstance(
        fact,
        facts.MatchDeclined
        | facts.MatchExpired
        | facts.MatchWithdrawn
        | facts.AgreementCancelled
        | facts.InternshipCompleted
        | facts.InternshipNotHeld,
    )


PlacementMachine.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
TestPlacementMachine = PlacementMachine.TestCase
