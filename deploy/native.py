"""Compile what a service has typed for it: every Python file with a .pxd of the same name becomes a module beside it.

    python deploy/native.py SERVICE --compiler required|optional

In an image's builder, where Cython lies in the path and a C compiler on the machine; `optional` goes on without a compiler and says
so, since the same files run as they are. `make native` does the same in place for developers.

Invariants: nothing but the module is left behind; the Python file is the only source; needs the standard library and Cython alone.
"""

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
COMPILERS: Final = ("cc", "gcc", "clang")
FLAGS: Final = ("-O3", "-fPIC", "-shared", "-fwrapv", "-DNDEBUG")
"""As CPython's own extensions are made: whole numbers wrap, so that a compiled core counts like an interpreted one."""
OF_THE_SYSTEM: Final = ("-undefined", "dynamic_lookup") if sys.platform == "darwin" else ()


def compiler() -> str | None:
    """The machine's C compiler: CC, or the first that is there."""
    named = os.environ.get("CC")
    return next((found for name in ((named,) if named else COMPILERS) if (found := shutil.which(name))), None)


def typed(folder: Path) -> list[Path]:
    """The Python files that have types for a compiler beside them."""
    return [
        path.with_suffix(".py") for path in sorted(folder.rglob("*.pxd")) if path.with_suffix(".py").exists()
    ]


def compile_one(source: Path, *, by: str) -> Path:
    """The module that the file becomes. Raises CalledProcessError."""
    module = source.with_name(source.stem + str(sysconfig.get_config_var("EXT_SUFFIX")))
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "module.c"
        _run([sys.executable, "-m", "cython", "-3", "--output-file", str(code), str(source)])
        _run([by, *FLAGS, *OF_THE_SYSTEM, f"-I{sysconfig.get_path('include')}", str(code), "-o", str(module)])
    return module


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True)


def main(arguments: list[str]) -> int:
    """Compile; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python deploy/native.py", description=__doc__.partition("\n")[0])
    parser.add_argument("service")
    parser.add_argument("--compiler", choices=("required", "optional"), required=True)
    wanted = parser.parse_args(arguments)
    sources = typed(HERE.parent / "services" / wanted.service)
    found = compiler()
    if sources and found is None:
        sys.stderr.write("no C compiler here; what could be compiled is interpreted\n")
        return 1 if wanted.compiler == "required" else 0
    try:
        for source in sources:
            sys.stdout.write(f"{compile_one(source, by=found or '')}\n")
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
