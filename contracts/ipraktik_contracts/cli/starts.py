"""The word for where to begin: `start`, `now`, an instant, or places."""

from collections.abc import Sequence
from datetime import UTC, datetime

from .reading import Start
from .records import place_from
from .refusal import CannotDo


def start_from(words: Sequence[str], *, now_allowed: bool) -> Start:
    """Read what was asked for. Several are allowed for places only. Raises CannotDo."""
    if not words:
        return "start"
    if len(words) > 1 or "[" in words[0]:
        return [place_from(word) for word in words]
    word = words[0]
    if word == "start" or (word == "now" and now_allowed):
        return word
    try:
        instant = datetime.fromisoformat(word)
    except ValueError:
        raise CannotDo(
            f"{word[:60]!r} is no beginning: write start, {'now, ' if now_allowed else ''}"
            "an instant such as 2027-06-08T10:00:00Z, or a place such as topic[3]@120"
        ) from None
    if instant.tzinfo is None:
        raise CannotDo(f"{word} has no time zone: add Z for UTC, as in {word}Z")
    return instant.astimezone(UTC)
