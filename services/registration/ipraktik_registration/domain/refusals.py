"""Acts that cannot be done, by code. What is said about each to a person stands in `web/words.py`."""

from typing import Literal

Reason = Literal[
    "already_answered",
    "asked_just_now",
    "changed_since",
    "confirm_first",
    "edition_unknown",
    "editions_ambiguous",
    "ended",
    "erased",
    "expired",
    "has_pair_already",
    "has_companion_already",
    "host_in_mind_unknown",
    "key_used_otherwise",
    "nobody_there",
    "no_edition_open",
    "nobody_asked",
    "not_registered",
    "other_has_ended",
    "sign_up_first",
    "unknown_edition_id",
    "unknown_sign_up",
    "window_closed",
]


class Refused(Exception):
    """The act contradicts what stands. Nothing was changed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
