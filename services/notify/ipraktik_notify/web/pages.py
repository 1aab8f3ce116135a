"""Notify's pages and their texts. The templates of mails are another matter: `templates/`, filled by `mailing.rendering`."""

from pathlib import Path
from typing import Final

from ipraktik_chassis.pages import Pages
from ipraktik_chassis.texts import Texts

_HERE: Final = Path(__file__).parent
PAGES: Final = Pages(templates=_HERE / "templates", texts=Texts(_HERE.parent / "locale" / "en"))
