"""The weights of a run as a form: one number for each part of the fit, and what it is worth to leave people where they are.

A field that is left empty keeps the number there is, so a form that shows none of them changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ipraktik_chassis.forms import Form
from ipraktik_chassis.texts import N_, Speech
from ipraktik_matching.policies import USUAL, RunPolicy
from ipraktik_matching.puzzle import POINTS
from ipraktik_matching.web.board import codes

MOST: Final = 1000
NUMBERS: Final[Mapping[str, str]] = {
    "keep_open": N_("Point for at blive i et forslag uden svar"),
    "keep_draft": N_("Point for at blive i en plan, der ikke er sendt"),
    "low_fit": N_("Få point er under"),
    "low_fit_percent": N_("Fradrag i procent af det, der mangler"),
}


def labelled(say: Speech) -> list[tuple[str, str]]:
    """Every field with its label."""
    parts = [(f"weight_{name}", codes.word(say, codes.PARTS, name)) for name in POINTS]
    return [*parts, *((name, say(words)) for name, words in NUMBERS.items())]


def filled(policy: RunPolicy) -> dict[str, str]:
    """What the fields hold for a policy."""
    weights = {f"weight_{name}": str(policy.weights.get(name, most)) for name, most in POINTS.items()}
    numbers = {name: str(getattr(policy, name)) for name in NUMBERS}
    return {**weights, **numbers, "move_open": "yes" if policy.move_open else ""}


def changed(say: Speech, policy: RunPolicy) -> list[str]:
    """What is otherwise than usual, a line each."""
    usual, told = filled(USUAL), filled(policy)
    lines = [
        say("{name}: {number} (ellers {usual})").format(name=label, number=told[name], usual=usual[name])
        for name, label in labelled(say)
        if told[name] != usual[name]
    ]
    return [*lines, *([say("Forslag uden svar må flyttes")] if policy.move_open else [])]


def chosen(say: Speech, form: Form, *, start: RunPolicy) -> tuple[RunPolicy, dict[str, str]]:
    """The policy that the form says, and a sentence for each field that is no such number."""
    errors: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for name, label in labelled(say):
        text = form.filled(name)
        if not text:
            continue
        if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= MOST:
            numbers[name] = int(text)
        else:
            errors[name] = say("{name}: Skriv et helt tal fra 0 til {most}").format(name=label, most=MOST)
    weights = {
        name: number
        for name, most in POINTS.items()
        if (number := numbers.get(f"weight_{name}", start.weights.get(name, most))) != most
    }
    told: dict[str, Any] = {name: numbers[name] for name in NUMBERS if name in numbers}
    policy = replace(start, weights=weights, **told)
    return (replace(policy, move_open=True) if form.get("move_open") == "yes" else policy), errors
