"""How people behave, decided by draw alone: who confirms when, who says yes, who stays silent, who is content afterwards.

The shares are chosen so that the three indicators land near the programme's published ones and every path is walked.
"""

from dataclasses import dataclass
from typing import Final

from .draw import Draw

NEVER_CONFIRMS: Final = 0.03
MANAGER_REFUSES: Final = 0.03
MANAGER_SILENT: Final = 0.02
DECLINES: Final = 0.07
SILENT_ON_PROPOSAL: Final = 0.04
CHANGES_DRAFT: Final = 0.12
REFUSES_DRAFT: Final = 0.06
SILENT_ON_AGREEMENT: Final = 0.015
SAYS_HELD: Final = 0.55
ANSWERS_AFTER: Final = 0.86
ANSWERS_FOLLOW_UP: Final = 0.74
_NEVER_CONFIRMS: Final = "P0013"
_MANAGER_SAYS_NO: Final = "P0014"
_MANAGER_IS_SILENT: Final = "P0015"
"""However the draw falls, these paths are walked."""

CONTENT: Final = {"concrete_use": 0.76, "would_recommend": 0.93, "in_contact_afterwards": 0.67}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a person of a season does when asked. Delays are in days."""

    draw: Draw

    def confirms(self, ref: str) -> int | None:
        """Days until the address is confirmed; None: never."""
        never = ref == _NEVER_CONFIRMS or self.draw.chance(NEVER_CONFIRMS, ref, "never confirms")
        return None if never else self.draw.whole(1, 3, ref, "confirms")

    def consents(self, ref: str) -> tuple[int, bool] | None:
        """Days until the manager answers, and the answer; None: never."""
        point = self.draw.number(ref, "consent")
        if point < MANAGER_SILENT or ref == _MANAGER_IS_SILENT:
            return None
        agrees = point >= MANAGER_SILENT + MANAGER_REFUSES and ref != _MANAGER_SAYS_NO
        return self.draw.whole(1, 6, ref, "consents"), agrees

    def answers(self, ref: str, other: str, *, sure: bool) -> tuple[int, bool] | None:
        """Days until a proposal is answered, and the answer; `sure` for those who have found each other or travel together."""
        point = self.draw.number(ref, other, "answer")
        if not sure and point < SILENT_ON_PROPOSAL:
            return None
        return self.draw.whole(1, 6, ref, other, "answers"), sure or point >= SILENT_ON_PROPOSAL + DECLINES

    def approves(self, ref: str, party: str, version: str) -> int | None:
        """Days until a party approves a version; None: never (managers only)."""
        if party == "manager" and self.draw.chance(SILENT_ON_AGREEMENT, ref, "never approves"):
            return None
        return self.draw.whole(2, 8, ref, party, version, "approves")

    def refuses_draft(self, ref: str) -> bool:
        """Whether the manager says no to the first draft."""
        return self.draw.chance(REFUSES_DRAFT, ref, "refuses")

    def changes_draft(self, ref: str) -> bool:
        """Whether the intern changes the first draft before anybody signs."""
        return self.draw.chance(CHANGES_DRAFT, ref, "changes")

    def says_held(self, ref: str) -> bool:
        """Whether the intern says on the last day that the stay took place."""
        return self.draw.chance(SAYS_HELD, ref, "held")

    def evaluates(self, ref: str, party: str, wave: str) -> int | None:
        """Days until an evaluation is answered; None: never."""
        share = ANSWERS_AFTER if wave == "after" else ANSWERS_FOLLOW_UP
        if not self.draw.chance(share, ref, party, wave, "answers"):
            return None
        return self.draw.whole(1, 12, ref, party, wave, "when")

    def content(self, ref: str, party: str, question: str) -> bool:
        """Whether a yes-or-no question gets a yes."""
        return self.draw.chance(CONTENT.get(question, 0.6), ref, party, question)
