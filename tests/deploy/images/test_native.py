"""Compiling on the way into an image: what is typed becomes a module beside its source; without a compiler it is said, or it fails."""

import importlib.util
import sysconfig
from pathlib import Path

import pytest

from deploy import native
from deploy.image_root import ROOT

SOURCE = "def doubled(number):\n    return 2 * number\n"
TYPES = "cpdef long long doubled(long long number)\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service whose one module is typed for a compiler, and another that is not."""
    folder = tmp_path / "services" / "some" / "some_package"
    folder.mkdir(parents=True)
    for name in ("__init__.py", "plain.py"):
        (folder / name).write_text("")
    (folder / "core.py").write_text(SOURCE)
    (folder / "core.pxd").write_text(TYPES)
    monkeypatch.setattr(native, "HERE", tmp_path / "deploy")
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_typed_is_compiled_and_nothing_else_is_left_behind(tree: Path) -> None:
    before = names(tree)

    assert native.main(["some", "--compiler", "required"]) == 0

    (module,) = names(tree) - before
    assert module == f"core{sysconfig.get_config_var('EXT_SUFFIX')}"
    spec = importlib.util.spec_from_file_location("some_package.core", tree / module)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.doubled(21) == 42
    with pytest.raises(TypeError):
        made.doubled("typed as a number, unlike the file it was made from")


@pytest.mark.parametrize(("said", "status"), [("required", 1), ("optional", 0)])
def test_without_a_compiler_it_is_said_and_only_where_allowed_gone_on(
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: str,
    status: int,
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    before = names(tree)

    assert native.main(["some", "--compiler", said]) == status

    assert "no C compiler" in capsys.readouterr().err
    assert names(tree) == before


def test_code_that_does_not_compile_ends_the_build(tree: Path) -> None:
    (tree / "core.pxd").write_text("cpdef this is no type\n")

    assert native.main(["some", "--compiler", "optional"]) == 1


def test_a_service_without_typed_code_needs_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert native.main(["notify", "--compiler", "required"]) == 0


def test_the_solvers_core_is_what_is_compiled() -> None:
    core = ROOT / "services" / "matching" / "ipraktik_matching" / "puzzle" / "network" / "core.py"

    assert core in native.typed(ROOT / "services" / "matching")
