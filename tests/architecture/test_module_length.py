"""A module has one subject; above 350 lines it has two."""

from collections.abc import Iterable

from architecture.tree import Module, all_modules, said

LIMIT = 350


def too_long(modules: Iterable[Module]) -> list[str]:
    """Modules above the limit, longest first."""
    lengths = sorted(
        ((module.text.count("\n") + 1, module.place or module.name) for module in modules), reverse=True
    )
    return [f"{place}: {lines} lines; split it by subject" for lines, place in lengths if lines > LIMIT]


def test_no_module_is_too_long() -> None:
    offences = too_long(all_modules())
    assert not offences, said(offences)


def test_a_module_that_is_too_long_is_named() -> None:
    modules = [Module("short", "x = 1\n" * (LIMIT - 1)), Module("long", "x = 1\n" * LIMIT)]
    (offence,) = too_long(modules)
    assert offence.startswith("long: 351 lines")
