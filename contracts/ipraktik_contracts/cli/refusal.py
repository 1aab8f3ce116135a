"""What the command cannot do, said in one sentence that names the mend. Anything else that is raised is our own mistake.

Exit statuses, the same for every command: 0 it holds, 1 it does not hold, 2 it could not be tried.
"""

from typing import Final

HOLDS: Final = 0
BROKEN: Final = 1
CANNOT: Final = 2
INTERRUPTED: Final = 130


class CannotDo(Exception):
    """The question could not be tried: no broker, no rights, no such topic, a value that makes no sense."""
