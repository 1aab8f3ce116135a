"""A sign-up becomes valid: its workplace is merged, it is said in public, and those who name each other are brought together."""

from dataclasses import replace

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ParticipantRegistered
from ipraktik_registration.domain.life import Step
from ipraktik_registration.store import contacts, participants, workplaces
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.introduce import introduce
from ipraktik_registration.usecases.speaking import body_of, say_updated


async def become_registered(tx: Transaction, *, sign_up: SignUp, consent: bool | None = None) -> SignUp:
    """Register the sign-up. The caller holds its lock and its edition's, and has decided."""
    step = Step("registered")
    await participants.take_step(tx.conn, sign_up.participant_id, step=step, now=tx.now, consent=consent)
    sign_up = await place_at_work(
        tx,
        sign_up=replace(sign_up, state="registered", respond_by=None, consent=consent, registered_at=tx.now),
    )
    own = (await contacts.by_relation(tx.conn, participant_id=sign_up.participant_id))["self"]
    changed, questions = await introduce(tx, sign_up=sign_up, own=own)
    await tx.emit(await body_of(tx, ParticipantRegistered, sign_up))
    await say_updated(tx, *(changed - {sign_up.participant_id}))
    await tx.emit(*questions)
    return sign_up


async def place_at_work(tx: Transaction, *, sign_up: SignUp) -> SignUp:
    """Merge the workplace that the sign-up tells of with those known."""
    told = sign_up.body["workplace"]
    organisation_id, workplace_id = await workplaces.merged(
        tx.conn,
        organisation_name=told["organisation_name"],
        sector=told["sector"],
        unit_name=sign_up.unit_name,
        fresh=(new_id(tx.now), new_id(tx.now)),
    )
    await participants.set_workplace(
        tx.conn,
        participant_id=sign_up.participant_id,
        organisation_id=organisation_id,
        workplace_id=workplace_id,
    )
    return replace(sign_up, organisation_id=organisation_id, workplace_id=workplace_id)
