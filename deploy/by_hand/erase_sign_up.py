"""`python - PARTICIPANT_ID < erase_sign_up.py`, in a container of registration: delete a sign-up for somebody who cannot do it.

The same use case as the person's own button, so everything follows: tombstones, ParticipantErased, and the other services' parts.
"""

import asyncio
import sys
from uuid import UUID

from ipraktik_chassis.composition import open_context
from ipraktik_chassis.settings import load
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.main import SERVICE
from ipraktik_registration.usecases.erase_sign_up import erase_sign_up


async def main(participant_id: UUID) -> int:
    """Erase; returns the exit status. Repeating changes nothing."""
    settings = load(SERVICE.settings)
    database = open_context(SERVICE, settings).database
    await database.open()
    try:
        async with database.transaction() as tx:
            await erase_sign_up(tx, participant_id=participant_id, namespace=settings.topic_namespace)
    except Refused:
        sys.stderr.write("there is no such sign-up; take the id from GET /registration/api/v1/sign-ups\n")
        return 1
    finally:
        await database.close()
    sys.stdout.write(f"{participant_id} is erased\n")
    return 0


if __name__ == "__main__":
    try:
        (wanted,) = map(UUID, sys.argv[1:])
    except ValueError:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(wanted)))
