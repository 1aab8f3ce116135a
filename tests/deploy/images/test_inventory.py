"""What is in an image, and under which licences: the bill of materials, the list for people, and what is refused."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.closure import held_by
from deploy.image_root import ROOT, SERVICES
from deploy.inventory import bill, listing, write
from deploy.inventory_parts import UNKNOWN, Part, Terms, is_allowed, parts_of, unsettled

TERMS = Terms.read(ROOT / "deploy" / "licences.toml")


@cache
def parts(service: str) -> list[Part]:
    return parts_of(service, app=None, terms=TERMS)


@pytest.mark.parametrize("service", SERVICES)
def test_no_part_has_an_unknown_or_forbidden_licence(service: str) -> None:
    assert unsettled(parts(service), terms=TERMS) == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_bill_is_cyclonedx_and_names_every_package_of_the_image(service: str) -> None:
    text = bill(service, parts(service), version="1.2.0")
    said = json.loads(text)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert said["metadata"]["component"]["version"] == "1.2.0"
    packages = {one["name"] for one in said["components"] if one.get("purl", "").startswith("pkg:pypi/")}
    assert packages == set(held_by(service))
    edges = {one["ref"]: set(one.get("dependsOn", [])) for one in said["dependencies"]}
    fastapi, starlette = (
        next(one["bom-ref"] for one in said["components"] if one["name"] == name)
        for name in ("fastapi", "starlette")
    )
    assert starlette in edges[fastapi]


def test_a_schema_check_that_finds_nothing_would_find_something() -> None:
    said = json.loads(bill("notify", parts("notify"), version="1.2.0"))
    said["components"][0]["licences"] = []

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(said)) is not None


def test_the_same_parts_give_the_same_files() -> None:
    assert bill("notify", parts("notify"), version="1") == bill("notify", parts("notify"), version="1")
    assert bill("notify", parts("notify"), version="1") != bill("notify", parts("notify"), version="2")


def test_the_list_names_packages_libraries_and_what_was_copied_into_the_pages() -> None:
    said = listing("matching", parts("matching"), version="1.2.0")

    for name in ("python", "typst", "numpy", "libquadmath", "dkfds", "htmx.org", "IBM Plex Sans"):
        assert f"\n| {name} |" in said
    assert "`ipraktik_chassis/fonts/OFL.txt`" in said
    assert "highspy" not in listing("notify", parts("notify"), version="1.2.0")


def test_a_package_that_says_nothing_is_refused_until_somebody_has_looked() -> None:
    careless = replace(TERMS, read_elsewhere={})
    found = unsettled(parts_of("registration", app=None, terms=careless), terms=careless)

    assert [line for line in found if line.startswith("jinja2 ") and "unknown" in line]


def test_a_licence_that_is_not_on_the_list_is_refused() -> None:
    strict = replace(TERMS, allowed=TERMS.allowed - {"MPL-2.0"})

    assert [line.split()[0] for line in unsettled(parts("notify"), terms=strict)] == ["certifi"]
    assert unsettled(parts("registration"), terms=strict) == []


def test_a_shared_library_or_an_asset_that_nobody_described_is_refused() -> None:
    blind = replace(TERMS, libraries=(), vendored=TERMS.vendored[:1])
    found = [one for one in parts_of("matching", app=None, terms=blind) if one.licence == UNKNOWN]

    assert {one.kind for one in found} == {"library", "vendored"}
    assert "static/htmx.min.js" in {one.name for one in found}


def test_nothing_is_written_while_something_is_not_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.inventory_parts.Terms.read", lambda _: replace(TERMS, allowed=frozenset()))

    assert write("notify", app=None, into=tmp_path / "out", version="1")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(GPL-3.0-only OR Apache-2.0) AND Zlib", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("AGPL-3.0-only", False),
        ("MIT License", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_an_expression_is_fulfilled_with_allowed_licences_alone(expression: str, fine: bool) -> None:
    assert is_allowed(expression, allowed=TERMS.allowed) is fine


def test_what_is_for_shared_libraries_is_for_nothing_else() -> None:
    library = next(one for one in parts("matching") if one.name == "libquadmath")

    assert unsettled([library], terms=TERMS) == []
    assert len(unsettled([replace(library, kind="package")], terms=TERMS)) == 1
