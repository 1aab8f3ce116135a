"""Copy what the pages use of the npm packages `dkfds` (the Danish public design system) and `htmx.org` into the chassis.

    npm ci --ignore-scripts                        in this folder; package-lock.json pins what is fetched
    python vendor.py node_modules                  write static/dkfds, static/htmx.min.js and fonts/
    python vendor.py node_modules --check          the committed copies equal the packages', and nothing else lies beside them

Left out on purpose: the portals' logos (they say where a solution lives, and ours does not live there), the script (no page needs
it), fonts in other formats, maps and sources. Mended on the way: the font rules ask for two old formats before woff2, and
let a font that comes late move the text it arrives in.
"""

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

CHASSIS: Final = Path(__file__).resolve().parent.parent / "ipraktik_chassis"
CUTS: Final = {"Regular": ("400", "normal"), "SemiBold": ("600 700", "normal")}
"""The cuts that pages use. One stands for both heavy weights: a third file would be as large as all else a first visit fetches, and
a cut that is not fetched ahead comes too late for the first page, which then mixes two typefaces."""
PRINT_CUTS: Final = ("Regular", "Bold", "Italic")
_FACE: Final = re.compile(r"@font-face\{[^}]*\}")
_MAP: Final = re.compile(r"/\*# sourceMappingURL=.*?\*/")
_ICON: Final = re.compile(r"svg-icons/([a-z-]+)\.svg")


def copies(packages: Path) -> Mapping[Path, bytes]:
    """Every file that is vendored, by its place below the chassis."""
    dist = packages / "dkfds" / "dist"
    fonts = dist / "fonts" / "IBMPlexSans" / "complete"
    css = _MAP.sub("", _FACE.sub("", (dist / "css" / "dkfds.min.css").read_text("utf-8")))
    charset = re.match(r'@charset "[^"]*";', css)
    head = charset.group() if charset else ""
    faces = "".join(
        f"@font-face{{font-display:optional;font-family:IBM Plex Sans;font-style:{style};font-weight:{weight};"
        f'src:url(../fonts/IBMPlexSans-{cut}.woff2) format("woff2")}}'
        for cut, (weight, style) in CUTS.items()
    )
    found = {"static/dkfds/css/dkfds.min.css": (head + faces + css[len(head) :]).encode()}
    for cut in CUTS:
        found[f"static/dkfds/fonts/IBMPlexSans-{cut}.woff2"] = (
            fonts / "woff2" / f"IBMPlexSans-{cut}.woff2"
        ).read_bytes()
    for cut in PRINT_CUTS:
        found[f"fonts/IBMPlexSans-{cut}.ttf"] = (fonts / "ttf" / f"IBMPlexSans-{cut}.ttf").read_bytes()
    licence = (fonts / "woff2" / "license.txt").read_bytes()
    found["static/dkfds/fonts/OFL.txt"] = found["fonts/OFL.txt"] = licence
    for icon in sorted(set(_ICON.findall(css))):
        found[f"static/dkfds/img/svg-icons/{icon}.svg"] = (
            dist / "img" / "svg-icons" / f"{icon}.svg"
        ).read_bytes()
    found["static/dkfds/img/all-svg-icons.svg"] = (dist / "img" / "all-svg-icons.svg").read_bytes()
    found["static/dkfds/LICENSE.md"] = (packages / "dkfds" / "LICENSE.md").read_bytes()
    htmx = packages / "htmx.org"
    found["static/htmx.min.js"] = (htmx / "dist" / "htmx.min.js").read_bytes()
    versions = {
        name: json.loads((packages / name / "package.json").read_text("utf-8"))["version"]
        for name in ("dkfds", "htmx.org")
    }
    lines = [f"{name} {version}" for name, version in versions.items()]
    lines += [f"{hashlib.sha256(content).hexdigest()}  {place}" for place, content in sorted(found.items())]
    found["static/dkfds/MANIFEST.txt"] = ("\n".join(lines) + "\n").encode()
    return {Path(place): content for place, content in found.items()}


def differing(wanted: Mapping[Path, bytes]) -> list[str]:
    """What of the committed copies is missing, other, or too much."""
    wrong = [
        str(place)
        for place, content in wanted.items()
        if not (CHASSIS / place).is_file() or (CHASSIS / place).read_bytes() != content
    ]
    beside = [
        found.relative_to(CHASSIS)
        for folder in ("static/dkfds", "fonts")
        for found in (CHASSIS / folder).rglob("*")
        if found.is_file()
    ]
    return wrong + [str(place) for place in beside if place not in wanted]


def main(arguments: list[str]) -> int:
    """Write or check; the exit status."""
    wanted = copies(Path(arguments[0]))
    if "--check" in arguments:
        wrong = differing(wanted)
        sys.stdout.write(
            f"differs from the packages: {', '.join(wrong)}\n" if wrong else "as the packages have it\n"
        )
        return bool(wrong)
    for place, content in wanted.items():
        (CHASSIS / place).parent.mkdir(parents=True, exist_ok=True)
        (CHASSIS / place).write_bytes(content)
    sys.stdout.write(f"{len(wanted)} files, {sum(map(len, wanted.values()))} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
