"""Why a record does not become an event, and why an event does not go out. No sentence repeats a word of the content."""


class DecodingError(ValueError):
    """A record that does not become an event. `str()` says why, without a word of its content."""


class MalformedRecord(DecodingError):
    """The record breaks the contract: no header, bad JSON, wrong fields, a tombstone where none belongs."""


class UnknownType(DecodingError):
    """The type is not one of ours, or not one this build knows."""


class NewerMajor(DecodingError):
    """The event is known, but in a major version newer than this build."""


class TooLarge(ValueError):
    """The body passes the 64 KiB that every intermediary must be able to carry."""
