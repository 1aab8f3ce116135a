"""The contract's own site: what a reader who knows Kafka but not us needs, as static pages that ask nothing of anybody.

Owns everything below `contracts/site`. Must stay true: the pages come out the same every time, every link stays inside the
folder, nothing is loaded from elsewhere, and no script is needed to read them.
"""

from .build import site_files

__all__ = ["site_files"]
