"""People meet one word for one thing, whichever page or mail they read, in Danish and in English."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po
from registration.desk import Desk, host

import ipraktik_evaluation
import ipraktik_matching
import ipraktik_notify
import ipraktik_registration
from ipraktik_evaluation.domain.indicators import INDICATORS

SAID_OTHERWISE = {
    "listen over værter": "værtskartoteket",
    "sæson": "runde",
    "COI-konsulent": "koordinator",
    "ledsager": "rejsefælle",
    "underskriv": "godkend",
    "(navn og|bekræft(et)?( nu)? din) mail": "e-mail",
    "list of hosts": "host registry",
    "season": "edition",
    "consultant": "coordinator",
    "(this|next|last|the) round": "edition",
    "sign the agreement": "approve",
}
ABOUT_THE_STAY = {
    "(et|dit|korteste|længste|gennemførte|\\{n\\}) ophold|^ophold|opholdet|opholdene|praktikophold": "praktik",
    "blev? (ikke )?til noget": "gennemført",
}
PACKAGES = (ipraktik_registration, ipraktik_notify, ipraktik_evaluation)


@pytest.mark.parametrize("package", [one.__name__ for one in PACKAGES])
def test_no_text_has_another_word_for_a_thing_that_has_one(package: str) -> None:
    [module] = [one for one in PACKAGES if one.__name__ == package]
    assert odd_words(module, SAID_OTHERWISE) == []


@pytest.mark.parametrize("module", [*PACKAGES, ipraktik_matching])
def test_the_days_at_the_host_are_called_praktik_and_are_held_or_not(module: ModuleType) -> None:
    assert odd_words(module, ABOUT_THE_STAY) == []


def test_indicators_call_the_days_at_the_host_praktik_too() -> None:
    said = [label for one in INDICATORS for label in (one.label.da, one.label.en)]
    assert [text for text in said for word in ABOUT_THE_STAY if re.search(word, text, re.IGNORECASE)] == []


def odd_words(module: ModuleType, said_otherwise: dict[str, str]) -> list[tuple[str, str, str]]:
    """The word that is said, the better one, and where."""
    folder = Path(str(module.__file__)).parent
    texts: list[str] = []
    for file in (folder / "locale" / "en").glob("*.po"):
        with file.open("rb") as opened:
            for message in read_po(opened, locale="en"):
                for said in (message.id, message.string):
                    texts += [said] if isinstance(said, str) else said or ()
    texts += [file.read_text("utf-8") for file in (folder / "templates").rglob("*.txt")]
    assert len(texts) > 20
    return [
        (word, better, text[:100])
        for text in texts
        for word, better in said_otherwise.items()
        if re.search(word, text, re.IGNORECASE)
    ]


async def test_the_hosts_second_person_is_a_reserve_and_no_deputy(desk: Desk) -> None:
    await desk.open_edition()
    place = await desk.register(host())
    own, reserve = await desk.link(place), await desk.link(place, relation="reserve")
    for path, token in (("", own), ("/update", own), ("", reserve)):
        for language, word, other in (("da", "reserve", "stedfortræder"), ("en", "reserve", "deputy")):
            page = await desk.page(f"/registration/sign-ups/{place}{path}?lang={language}", token)
            main = page.text.partition("<main")[2].lower()
            assert page.status_code == 200
            assert word in main, (path, language)
            assert other not in main, (path, language)
