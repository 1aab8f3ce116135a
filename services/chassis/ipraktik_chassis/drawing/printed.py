"""A drawing by itself, for documents that have no stylesheet: the same classes with colours that print well."""

from typing import Final

from markupsafe import Markup

_STYLE: Final = (
    '.drawing-text{font-family:"IBM Plex Sans";font-size:14px;fill:#1a1a1a}.drawing-value{font-weight:700}'
    ".drawing-track,.drawing-nobody{fill:#fff;stroke:#757575}.drawing-bar,.drawing-left{fill:#0b4f8a}"
    ".drawing-silent{stroke:#4d4d4d}.drawing-silent-ground{fill:#fff}.drawing-silent-lines{stroke:#757575;fill:none}"
    ".drawing-right{stroke:#7a4a00}.drawing-right-ground{fill:#f5c77e}.drawing-right-lines{stroke:#7a4a00;fill:none}"
    ".drawing-axis{stroke:#1a1a1a}.drawing-class{stroke:#06294a}.drawing-class-1{fill:#d3e6f7}.drawing-class-2{fill:#86b9e4}"
    ".drawing-class-3{fill:#2d7cc0}.drawing-class-4{fill:#06345f}.drawing-apart{fill:none;stroke:#757575;stroke-dasharray:3 2}"
    ".drawing-part{stroke:#06294a}.drawing-part-0{fill:#0b4f8a}.drawing-part-1{fill:#a9cdec}"
    ".drawing-part-2-ground,.drawing-part-5-ground,.drawing-plate{fill:#fff}.drawing-part-3-ground{fill:#f5c77e}"
    ".drawing-part-4-ground{fill:#e3e3e3}.drawing-part-4-lines{fill:#4d4d4d}"
    ".drawing-part-2-lines,.drawing-part-3-lines,.drawing-part-5-lines{stroke:#06294a;fill:none}"
)


def printed(svg: Markup) -> str:
    """The drawing with its style inside. Not for pages: their policy forbids a style element."""
    head, mark, rest = str(svg).partition("</desc>")
    return f"{head}{mark}<style>{_STYLE}</style>{rest}"
