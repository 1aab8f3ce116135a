"""The look of the pages is somebody else's work: what is committed is what they published, and nothing else lies beside it."""

import hashlib
import subprocess
import sys
from pathlib import Path

from foreign import npm_packages

from ipraktik_chassis import static_files

VENDORED = Path(__file__).resolve().parents[2] / "services" / "chassis" / "vendored"
CHASSIS = static_files.FOLDER.parent


def test_every_vendored_file_is_the_one_that_the_manifest_names() -> None:
    lines = (CHASSIS / "static" / "dkfds" / "MANIFEST.txt").read_text("utf-8").splitlines()
    named = {place: digest for digest, gap, place in (line.partition("  ") for line in lines) if gap}
    assert len(named) > 150
    for place, digest in named.items():
        assert hashlib.sha256((CHASSIS / place).read_bytes()).hexdigest() == digest, place


def test_no_portals_logo_and_no_foreign_address_is_among_them() -> None:
    files = [file for file in (CHASSIS / "static").rglob("*") if file.is_file()]
    assert not [
        file.name for file in files if "borger" in file.name or "virk" in file.name or "logo" in file.name
    ]
    for file in files:
        if file.suffix == ".css":
            assert "http://" not in file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "https://" not in file.read_text("utf-8")


def test_the_committed_copies_are_what_the_packages_hold() -> None:
    packages = npm_packages(VENDORED) / "node_modules"
    checking = subprocess.run(
        [sys.executable, VENDORED / "vendor.py", packages, "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checking.returncode == 0, checking.stdout + checking.stderr
