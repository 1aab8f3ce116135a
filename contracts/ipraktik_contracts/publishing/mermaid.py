"""A lifecycle as a mermaid state diagram: the text that many viewers draw."""

from ..lifecycle import Lifecycle, Transition


def mermaid_of(lifecycle: Lifecycle) -> str:
    """One arrow per pair of states, with one event to a line: viewers draw parallel arrows upon each other."""
    ways: dict[tuple[str, str], list[str]] = {}
    for step in lifecycle.transitions:
        ways.setdefault((step.before or "[*]", step.after), []).append(_label(step))
    lines = [
        "---",
        f"title: {lifecycle.aggregate} ({lifecycle.topic}, key {lifecycle.key})",
        "---",
        "stateDiagram-v2",
    ]
    lines += [f"    {before} --> {after} : {'<br/>'.join(told)}" for (before, after), told in ways.items()]
    lines += [f"    {state} --> [*]" for state in lifecycle.meanings if state in lifecycle.finals]
    return "\n".join(lines) + "\n"


def _label(step: Transition) -> str:
    return f"{step.event.__name__} ({step.said})" if step.said else step.event.__name__
