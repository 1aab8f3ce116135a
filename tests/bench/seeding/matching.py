"""matching's database: sign-ups as heard, placements in every state, their agreements and histories, and three solved runs.

The third has a true plan where the edition is small enough for a page to ask about it.
"""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from bench.seeding import (
    HOST,
    INTERN,
    MANAGER,
    ORGANISATION,
    PLACEMENT,
    RUN,
    SELF_OF_HOST,
    SELF_OF_INTERN,
    WORKPLACE,
    Edition,
    id_of,
    seeded,
)

from ipraktik_contracts.codes import FIELD_GROUPS, FIELDS
from ipraktik_contracts.events import ParticipantUpdated
from ipraktik_contracts.fields import Days, Wishes, Workplace
from ipraktik_contracts.municipalities import MUNICIPALITIES, region_of
from ipraktik_matching import puzzle
from ipraktik_matching.domain.terms import Terms
from ipraktik_matching.puzzle.plan import NO_FREE_PLACE, Placement, Plan, Stats, Unplaced
from ipraktik_matching.puzzle.plan_format import plan_to_json

_EDITION: Final = """
insert into editions (edition_id, name, mode, first_day, last_day, answer_days, sign_days) values ($1, $2, 'campaign', $3, $4, 8, 21)
"""
_PARTICIPANTS: Final = f"""
insert into participants (participant_id, edition_id, state, role, lot, body, since)
select pg_temp.id(k.kind, n), $1::uuid, 'registered', k.role, pg_temp.lot(n), k.body || jsonb_build_object(
    'participant_id', pg_temp.id(k.kind, n), 'field', pg_temp.field(n), 'workplace', pg_temp.workplace(n, k.role)),
    $2::timestamptz - interval '15 days'
from (values ({INTERN}, 'intern', $3::jsonb, $5::int), ({HOST}, 'host', $4::jsonb, $6::int)) k (kind, role, body, most)
cross join lateral generate_series(1, k.most) n
"""
_CONTACTS: Final = f"""
insert into contacts (contact_id, participant_id, relation, name, epoch, motivation, offer)
select pg_temp.id(k.kind, n), pg_temp.id(k.whose, n), k.relation, pg_temp.person(n * k.step), 1,
    'Jeg vil se, hvordan andre løser de samme opgaver.', 'Du følger en projektleder i hverdagen.'
from (values ({SELF_OF_INTERN}, {INTERN}, 'self', 1, $1::int), ({MANAGER}, {INTERN}, 'manager', 3, $1::int),
    ({SELF_OF_HOST}, {HOST}, 'self', 5, $2::int)) k (kind, whose, relation, step, most)
cross join lateral generate_series(1, k.most) n
"""
_RUN: Final = """
insert into runs (run_id, edition_id, state, requested_by, requested_at, attempts, releases_before, input, input_digest, plan)
values ($1, $2, 'solved', 'koordinator@example.org', $3, 1, 0, $4, $5, $6)
"""
_REMARKED: Final = "update runs set remarks = $2, laid_out = attempts where run_id = $1"
_ADVICE: Final = "insert into run_advice (run_id, attempts, advice) values ($1, 1, $2)"
_MOST_SOLVED: Final = 300
_MOST_REMARKS: Final = 200
_MOST_KINDS: Final = 60
_NOBODY: Final = "00000000-0000-4000-8000-000000000000"
_GONE: Final = "who is not in the puzzle, and travels alone."
_PLACEMENTS: Final = f"""
insert into placements (placement_id, edition_id, intern_id, host_id, run_id, origin, reasons, first_day, last_day, answer_by, state,
    accepted, draft, standing, last_version, words, disputed, ended_by, ended_reason, due_at)
select pg_temp.id({PLACEMENT}, n), $2::uuid, pg_temp.id({INTERN}, n), pg_temp.id({HOST}, 1 + n % $3::int), pg_temp.id({RUN}, 1),
    'matched', array['field', 'area'], $4, $5, $6::timestamptz + (n % 6 + 1) * interval '1 day', s.state,
    case when s.state = 'proposed' then case when n % 2 = 0 then array['intern'] else '{{}}'::text[] end
         when s.state = 'declined' then array['intern'] else array['intern', 'host'] end,
    case when s.state = 'drafted' then 1 end, case when s.state in ('signed', 'completed') then 1 end,
    case when s.state in ('drafted', 'signed', 'completed') then 1 else 0 end, '{{}}', false,
    case s.state when 'declined' then 'host' when 'completed' then 'clock' end,
    case s.state when 'declined' then 'dates' end,
    case when s.state in ('proposed', 'drafted') then $6::timestamptz + (n % 6 + 1) * interval '1 day' end
from generate_series(1, $1::int) n cross join lateral (select pg_temp.standing(n)) s (state)
"""
_VERSIONS: Final = """
insert into agreement_versions (placement_id, version, terms, fingerprint, sign_by, approved, refused)
select placement_id, 1, replace($1::text, $2::text, placement_id::text), encode(sha256(convert_to(placement_id::text, 'UTF8')), 'hex'),
    $3::timestamptz + interval '12 days', case state when 'drafted' then array['intern'] else array['intern', 'manager', 'host'] end, '{}'
from placements where last_version = 1
"""
_HISTORY: Final = """
insert into history (placement_id, at, act, actor_kind, actor, party, version)
select placement_id, $1::timestamptz - interval '9 days' + line.place * interval '1 day', line.act, line.kind, line.actor, line.party, null
from placements, (values (1, 'MatchProposed', 'coordinator', 'koordinator@example.org', null),
    (2, 'MatchAccepted', 'clock', null, 'intern')) line (place, act, kind, actor, party)
"""


async def seed(url: str, edition: Edition) -> None:
    """Fill it."""
    days = (edition.first_day, edition.last_day)
    terms = _terms(edition)
    whole = _puzzle(edition)
    laid = puzzle.to_json(whole)
    true = edition.participants <= _MOST_SOLVED
    solved = plan_to_json(puzzle.solve(whole)) if true else _plan(edition, further=2)
    runs = [
        [id_of(RUN, number), edition.edition_id, edition.now, laid, _digest(plan), plan]
        for number, plan in ((1, _plan(edition)), (2, _plan(edition, further=1)), (3, solved))
    ]
    bodies = [_body(edition, role).model_dump_json() for role in ("intern", "host")]
    await seeded(
        url,
        (_EDITION, [edition.edition_id, edition.name, *days]),
        (_PARTICIPANTS, [edition.edition_id, edition.now, *bodies, edition.interns, edition.hosts]),
        (_CONTACTS, [edition.interns, edition.hosts]),
        *((_RUN, run) for run in runs),
        (_REMARKED, [id_of(RUN, 1), _remarks(edition)]),
        *((_ADVICE, [id_of(RUN, number), _advice(edition)]) for number in (1, 2, 3)),
        (_PLACEMENTS, [edition.placements, edition.edition_id, edition.hosts, *days, edition.now]),
        (_VERSIONS, [terms.canonical(), str(terms.placement_id), edition.now]),
        (_HISTORY, [edition.now]),
    )


def _body(edition: Edition, role: Any) -> ParticipantUpdated:
    return ParticipantUpdated(
        participant_id=id_of(INTERN, 1),
        edition_id=edition.edition_id,
        role=role,
        workplace=Workplace(
            organisation_id=id_of(INTERN, 1),
            workplace_id=id_of(INTERN, 1),
            organisation_name="Aarhus Kommune",
            sector="municipal",
            ownership="public",
            municipality_code="0751",
            country="DK",
            ministerial_area=None,
        ),
        field="planning",
        wishes=Wishes(fields=("libraries",), sectors=("municipal",), areas=(), own_organisation=False),
        journey_type="adventurer" if role == "intern" else None,
        days=Days(min=3, max=5),
        capacity=2 if role == "host" else None,
        lot="0" * 64,
    )


def _terms(edition: Edition) -> Terms:
    text = "Vi mødes i receptionen kl. 9, og dagene går med møder, besøg og en opgave, der er din egen. " * 3
    return Terms(
        placement_id=id_of(PLACEMENT, 1),
        version=1,
        first_day=edition.first_day,
        last_day=edition.last_day,
        meeting_place="Hovedindgangen",
        host_contact_id=id_of(SELF_OF_HOST, 1),
        host_reserve_id=None,
        goals_intern=text,
        goals_manager=text,
        goals_host=text,
        programme=text,
        follow_up=text,
        hr_asked=True,
        confidentiality_declaration=False,
    )


def _puzzle(edition: Edition) -> puzzle.Puzzle:
    """What the solver was given: everybody, as they signed up."""
    return puzzle.Puzzle(
        interns=tuple(
            puzzle.Intern(**_piece(INTERN, number), journey_type="adventurer")
            for number in range(1, edition.interns + 1)
        ),
        hosts=tuple(
            puzzle.Host(**_piece(HOST, number), capacity=2) for number in range(1, edition.hosts + 1)
        ),
        dates=(edition.first_day, edition.last_day),
        region_of={code: region for code in MUNICIPALITIES if (region := region_of(code, edition.first_day))},
        group_of={field: group for group, fields in FIELD_GROUPS.items() for field in fields},
    )


def _piece(kind: int, number: int) -> dict[str, Any]:
    fields, places = sorted(FIELDS), sorted(MUNICIPALITIES)[:60]
    return {
        "id": str(id_of(kind, number)),
        "organisation_id": str(id_of(ORGANISATION, number // 4)),
        "workplace_id": str(id_of(WORKPLACE, number)),
        "field": fields[number % len(fields)],
        "sector": "municipal",
        "lot": hashlib.sha256(str(number).encode()).hexdigest(),
        "days": puzzle.Days(3, 5),
        "municipality_code": places[number % len(places)],
        "wishes": puzzle.Wishes(fields=(fields[number * 7 % len(fields)],), sectors=("municipal",)),
    }


def _plan(edition: Edition, *, further: int = 0) -> str:
    """What the solver would have said: three of four interns placed, each so many hosts further on."""
    window: tuple[date, date] = (edition.first_day, edition.first_day + timedelta(days=4))
    places = tuple(
        Placement(
            intern_id=str(id_of(INTERN, number)),
            host_id=str(id_of(HOST, 1 + (number + further) % edition.hosts)),
            companion_id=None,
            days=4,
            window=window,
            fit=12,
            parts={"field": 8, "area": 4},
            reasons=("field", "area"),
        )
        for number in range(1, edition.placements + 1)
    )
    left = tuple(
        Unplaced(intern_id=str(id_of(INTERN, number)), reason=NO_FREE_PLACE)
        for number in range(edition.placements + 1, edition.interns + 1)
    )
    stats = Stats(
        placed=len(places),
        standing=0,
        total_fit=12 * len(places),
        seats=2 * edition.hosts,
        hosts_used=min(edition.hosts, len(places)),
        count_bound=len(places),
        fit_bound=12 * len(places),
        count_proven=True,
        fit_proven=True,
        unique=False,
        solver="bench",
        input_digest="0" * 64,
    )
    return plan_to_json(Plan(placements=places, unplaced=left, stats=replace(stats)))


def _remarks(edition: Edition) -> str:
    """What is odd: that every tenth intern has a companion in mind who is not there, as far as it is kept."""
    odd = [
        {
            "code": "said",
            "ids": [],
            "text": f"Intern {id_of(INTERN, number)} names the companion {_NOBODY}, {_GONE}",
        }
        for number in range(1, edition.interns + 1, 10)
    ]
    return json.dumps(odd[:_MOST_REMARKS])


def _advice(edition: Edition) -> str:
    """Hosts of sixty kinds to look for, and what would place each who is left."""
    regions = sorted({code for one in MUNICIPALITIES if (code := region_of(one, edition.first_day))})
    kinds = [(field, region) for field in sorted(FIELDS) for region in regions][:_MOST_KINDS]
    return json.dumps(
        {
            "wanted": [
                {"field": field, "sector": "state", "region": region, "places": 1, "fit": 700}
                for field, region in kinds
            ],
            "helps": {
                str(id_of(INTERN, number)): ["days", "dates"][: number % 3]
                for number in range(edition.placements + 1, edition.interns + 1)
            },
            "kept": None,
        }
    )


def _digest(plan: str) -> str:
    return hashlib.sha256(json.dumps(plan).encode()).hexdigest()
