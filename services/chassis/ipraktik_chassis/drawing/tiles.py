"""Denmark as tiles: one square for each of the 98 municipalities, laid by hand.

Rows run from north to south and columns from west to east. A tile stands where its municipality does as seen from its
neighbours, not to scale: the capital's many small ones take as much room as half of Jutland. A gap is water. Bornholm stands
apart, in the lower right corner.
"""

from typing import Final

_ROWS: Final = (
    ".... .... .... .... 0860 0813 .... .... .... .... .... .... .... .... .... .... .... ....",
    ".... .... .... 0849 0810 .... .... 0825 .... .... .... .... .... .... .... .... .... ....",
    ".... 0787 0773 0820 0851 .... .... .... .... .... .... .... .... .... 0270 0217 .... ....",
    "0665 0671 0779 0840 0846 .... .... .... .... .... .... .... .... 0260 0219 0210 .... ....",
    ".... 0661 0791 0710 0730 0707 .... .... .... .... .... .... .... 0250 0201 0223 .... ....",
    ".... 0760 0657 0740 0751 0706 .... .... .... .... .... 0306 .... 0240 0190 0230 0173 ....",
    ".... 0573 0756 0615 0746 0727 .... 0741 .... .... 0326 0316 0350 0151 0163 0159 0157 ....",
    "0563 0561 0530 0630 0766 .... .... .... .... .... .... 0340 0265 0165 0161 0175 0147 0101",
    ".... .... 0575 0621 0607 .... 0410 0480 0440 .... 0330 0329 0169 0183 0187 0153 0167 0185",
    ".... .... 0550 0510 .... .... 0420 0461 0450 .... .... 0370 0259 0269 0253 .... .... 0155",
    ".... .... .... 0580 0540 .... .... 0430 0479 .... .... .... 0320 0336 .... .... .... ....",
    ".... .... .... .... .... .... .... .... .... 0482 .... .... 0390 .... .... .... .... ....",
    ".... .... .... .... .... .... .... 0492 .... .... .... .... .... .... .... .... .... 0400",
    ".... .... .... .... .... .... .... .... .... .... .... 0360 0376 .... .... .... .... ....",
)

TILES: Final[dict[str, tuple[int, int]]] = {
    code: (column, row)
    for row, line in enumerate(_ROWS)
    for column, code in enumerate(line.split())
    if code != "...."
}
"""Code of the municipality -> (column, row)."""

COLUMNS: Final = 1 + max(column for column, _ in TILES.values())
ROWS: Final = len(_ROWS)
APART: Final = "0400"
"""The one that is not where it is drawn: Bornholm."""
