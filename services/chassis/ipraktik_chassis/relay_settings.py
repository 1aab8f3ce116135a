"""How a relay works, and how far it has come."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How a relay works. The defaults are measured; times are real seconds."""

    slice_rows: int = 4096
    """Rows read at once, over all shards."""
    slice_bytes: int = 8 * 1024 * 1024
    """Bytes sent at once: larger rows make shorter slices."""
    max_batch_bytes: int = 524_288
    """The largest record batch; must stay under the topics' max.message.bytes."""
    poll_min: float = 0.005
    poll_max: float = 0.05
    """The pause after an empty read grows from one to the other."""
    sweep_seconds: float = 1.0
    """How often reading starts from the front again and shards are shared out anew."""
    send_timeout: float = 30.0
    database_timeout: float = 20.0
    answer_timeout: float = 5.0
    """How long the session with the locks may take to say that it is there."""
    member_timeout: float = 60.0
    """A relay that stands still for so long loses its session. Above everything one slice may take."""
    drain_seconds: float = 10.0
    keep_history: bool = True
    """Move acknowledged rows to `published`. Without it they are deleted: for comparison only."""


@dataclass(slots=True)
class Progress:
    """How far a relay has come, for health and quiet. `last_tick` is of the relay's monotonic clock."""

    rows_relayed: int = 0
    rows_dead: int = 0
    shards_owned: int = 0
    last_tick: float = field(default=0.0)
