"""What commands, logs and refusals count may be one, and is said so; the lint is shown broken examples too."""

import pytest
from architecture.counting_lint import no_number_stands_before_a_plural
from architecture.tree import ROOT, Module, all_modules, said

from ipraktik_contracts.counted import counted, times

SCRIPTS = [
    Module(path.stem, path.read_text("utf-8"), str(path.relative_to(ROOT)))
    for folder in ("deploy/small", "deploy/by_hand")
    for path in sorted((ROOT / folder).glob("*.py"))
]


APART = (
    "ipraktik_matching.puzzle.",
    "ipraktik_contracts.gate.",
    "ipraktik_manifests.",
    "ipraktik_local.kafka_jars",
)
"""The engine imports nothing of ours; the others speak to who develops here."""


def test_no_number_stands_before_a_plural() -> None:
    assert len(SCRIPTS) > 3
    modules = [module for module in all_modules() if not module.name.startswith(APART)]
    offences = no_number_stands_before_a_plural([*modules, *SCRIPTS])
    assert not offences, said(offences)


@pytest.mark.parametrize(
    "text",
    [
        'f"{waiting.rows} events wait to be sent"',
        "f\"{row['rows']} records could not be taken in\"",
        'f"{seconds:.0f} seconds"',
        'f"{len(missing)} published events stand on no topic"',
        'f"restarted {process.restarts} times"',
    ],
)
def test_a_number_that_may_be_one_is_refused(text: str) -> None:
    assert no_number_stands_before_a_plural([Module("odd", text)])


@pytest.mark.parametrize(
    "text",
    [
        "counted(rows, 'event waits', 'events wait')",
        'f"events that wait: {rows}"',
        'f"at most {_MOST} times"',
        'f"of {len(TOPICS)} topics"',
        "f\"{', '.join(names)} are not there\"",
    ],
)
def test_what_is_known_or_counted_is_let_pass(text: str) -> None:
    assert no_number_stands_before_a_plural([Module("good", text)]) == []


def test_one_is_one() -> None:
    assert [counted(n, "event waits", "events wait") for n in (0, 1, 2)] == [
        "0 events wait",
        "1 event waits",
        "2 events wait",
    ]
    assert [counted(n, "second", "seconds") for n in (1.0, 0.5)] == ["1 second", "0.5 seconds"]
    assert [times(n) for n in (0, 1, 2)] == ["0 times", "once", "2 times"]
