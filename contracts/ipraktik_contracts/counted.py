"""A number with its noun, as English has it: what commands and logs count is often one."""


def counted(n: int | float, one: str, more: str) -> str:
    """`counted(1, "event waits", "events wait")` is "1 event waits". A fraction is told with its shortest digits."""
    return f"{n:g} {one if n == 1 else more}" if isinstance(n, float) else f"{n} {one if n == 1 else more}"


def times(n: int) -> str:
    """How often: once, else so many times."""
    return "once" if n == 1 else f"{n} times"
