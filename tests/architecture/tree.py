"""The source tree as the lints see it: packages, their modules, and what each module imports.

A lint is a function from modules to offences, so that a test can also feed it a broken example and see it refused.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
PACKAGES: Final = {
    "ipraktik_contracts": ROOT / "contracts",
    "ipraktik_chassis": ROOT / "services" / "chassis",
    **{f"ipraktik_{name}": ROOT / "services" / name for name in SERVICES},
    "ipraktik_local": ROOT / "deploy" / "local",
    "ipraktik_manifests": ROOT / "deploy" / "manifests",
}


@dataclass(frozen=True)
class Module:
    """A module by its dotted name; `place` is where a person finds it."""

    name: str
    text: str
    place: str = ""
    is_package: bool = False
    tree: ast.Module = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", ast.parse(self.text))

    @property
    def package(self) -> str:
        """Its top-level package."""
        return self.name.partition(".")[0]

    def line(self, node: ast.AST) -> str:
        """Where a node is, for the offence."""
        return f"{self.place or self.name}:{getattr(node, 'lineno', 1)}"


@dataclass(frozen=True)
class Import:
    """One imported module, absolute."""

    target: str
    where: str

    @property
    def top(self) -> str:
        """Its top-level package."""
        return self.target.partition(".")[0]

    def within(self, *prefixes: str) -> bool:
        """Whether it is one of these modules or lies in one of them."""
        return any(self.target == prefix or self.target.startswith(prefix + ".") for prefix in prefixes)


@cache
def modules_of(package: str) -> tuple[Module, ...]:
    """All modules of one of our packages."""
    home = PACKAGES[package]
    found = []
    for path in sorted((home / package).rglob("*.py")):
        parts = list(path.relative_to(home).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        found.append(Module(name, path.read_text("utf-8"), str(path.relative_to(ROOT)), is_package))
    return tuple(found)


@cache
def all_modules() -> tuple[Module, ...]:
    """All modules that we ship."""
    return tuple(module for package in PACKAGES for module in modules_of(package))


def imports_of(module: Module) -> Iterator[Import]:
    """What a module imports anywhere in it: at its top, in a function, for types only. Relative names are made absolute."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, module.line(node))
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = module.name.split(".")
                kept = here[: len(here) - node.level + (1 if module.is_package else 0)]
                base = ".".join([*kept, *([base] if base else [])])
            # `from package import module` names a module too; a name that is none does no harm here
            yield Import(base, module.line(node))
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", module.line(node))


def strings_of(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Every text in a module but its docstrings; of an f-string the parts that are written, joined."""
    docstrings: set[ast.expr] = set()
    inner: set[ast.expr] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(first.value)
        elif isinstance(node, ast.JoinedStr):
            inner.update(part for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docstrings.add(node.value)  # a text that stands alone documents what is above it
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            written = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
            yield "".join(written), node
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings | inner
        ):
            yield node.value, node


def said(offences: Sequence[str]) -> str:
    """Offences, one a line, as the text of a failed assertion."""
    return "\n" + "\n".join(offences)
