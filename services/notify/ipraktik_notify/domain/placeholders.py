"""Which values a kind's template may use: those that its mails always have. What is not here would be empty, or another role's word."""

from typing import Final

from ipraktik_notify.domain.kinds import KINDS, PHASE_OF

_ALWAYS: Final = frozenset({"party", "relation"})
_OF_PLACEMENT: Final = frozenset(
    {"intern", "host", "intern_place", "host_place", "days", "signed_before", "standing"}
)
_OF_EDITION: Final = frozenset({"edition", "edition_days", "campaign"})
_OF_SIGN_UP: Final = ("registered", "withdrawn", "not_found", "still_looking")
_ANSWERED: Final = ("declined", "agreement_refused", "agreement_cancelled", "not_held")
_VERSIONS: Final = ("agreement_changed", "agreement_refused", "agreement_signed", "agreement_lapsed")
_OWN: Final[dict[str, frozenset[str]]] = {
    "confirm_address": frozenset({"signed_up_as"}),
    "new_link": frozenset({"signed_up_as"}),
    "expired": frozenset({"silent"}),
    "agreement_lapsed": frozenset({"missing"}),
    "agreement_signed": frozenset({"intern_email", "host_email", "reserve", "told_now", "list_comes"}),
    "agreement_cancelled": frozenset({"reserve"}),
    "prepare_before": frozenset({"several"}),
    "prepare_during": frozenset({"several"}),
    "prepare_after": frozenset({"several"}),
    "report_published": frozenset({"revision"}),
    "webhook_paused": frozenset({"facts", "trouble"}),
}


def placeholders_of(kind: str) -> frozenset[str]:
    """The names that the template of a kind may use."""
    what = KINDS[kind]
    allowed = set(_ALWAYS | _OWN.get(kind, frozenset()))
    if what.deadline is not None:
        allowed |= {"by", "by_short"}
    if what.bodies == ("intern", "host"):
        allowed |= _OF_PLACEMENT
    if "asker" in what.names:
        allowed |= {"asker"}
    if kind in _OF_SIGN_UP or kind == "report_published":
        allowed |= _OF_EDITION
    if kind in _ANSWERED or kind in ("withdrawn", "not_found", "proposal_withdrawn"):
        allowed |= {"reason"}
    if kind in _ANSWERED:
        allowed |= {"said_by"}
    if kind in _VERSIONS:
        allowed |= {"version"}
    if kind in PHASE_OF:
        allowed |= {"advice", "questions"}
    if kind.startswith("evaluation"):
        allowed |= {"wave"}
    return frozenset(allowed)
