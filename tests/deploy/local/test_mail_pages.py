"""The mail list as people see it: when a mail came, whom it was for, and the link to go on with; also on a phone."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from deploy.local.test_mail_sink import a_mail, send
from foreign import npm_packages, tool
from playwright.async_api import Browser, async_playwright

from ipraktik_local.mail import MailSink
from ipraktik_local.mail.times import clock_of, day_of, hour_of

AXE = Path(__file__).parents[2] / "contracts" / "site" / "browser"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
LONG = "en.meget.lang.adresse@digitaliseringsforvaltningen.eksempel.invalid"
LINK = "http://127.0.0.1:9/registration/link?t=" + "abc" * 120


@pytest.mark.parametrize(
    ("instant", "day", "hour"),
    [
        ("2018-09-10T10:05:00.000+00:00", "mandag den 10. september 2018", "kl. 12.05"),
        ("2018-12-31T23:30:00.000+00:00", "tirsdag den 1. januar 2019", "kl. 00.30"),
        ("", "", ""),
        ("i går", "", ""),
    ],
)
def test_a_time_is_said_in_danish_and_in_danish_time(instant: str, day: str, hour: str) -> None:
    assert (day_of(instant), hour_of(instant)) == (day, hour)


def test_without_a_simulated_clock_it_is_now() -> None:
    assert abs((clock_of(None)() - datetime.now(UTC)).total_seconds()) < 5


def test_mails_are_listed_by_day_and_by_the_simulated_clock(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2018-09-10T10:05:00+00:00")
    with MailSink(home=tmp_path / "mail", clock_file=clock) as sink:
        send(sink, a_mail(message_id="<1@x>"))
        # as the season's driver moves it: a whole file takes the old one's place
        (tmp_path / "next").write_text("2018-09-11T06:00:00+00:00")
        os.replace(tmp_path / "next", clock)
        send(sink, a_mail(message_id="<2@x>"))
        listed = httpx.get(sink.url, trust_env=False).text
        page = httpx.get(f"{sink.url}/mails/1", trust_env=False).text
        (first, _) = sink.mails()

    assert listed.index("Tirsdag den 11. september 2018") < listed.index("Mandag den 10. september 2018")
    assert "kl. 08.00" in listed
    assert "uret er simuleret" in listed
    assert "UTC" not in listed + page
    assert "mandag den 10. september 2018 kl. 12.05" in page
    assert first["received"] == "2018-09-10T10:05:00.000+00:00"


def test_a_mail_shows_its_link_as_a_button_and_one_without_a_link_shows_none(tmp_path: Path) -> None:
    with MailSink(home=tmp_path) as sink:
        send(sink, a_mail(text=f"Om praktikken: http://127.0.0.1:9/\nDit link: {LINK}"))
        send(sink, a_mail(text="Ingenting at trykke på"))
        with_link, without = (
            httpx.get(f"{sink.url}/mails/{number}", trust_env=False).text for number in (1, 2)
        )

    assert f'<a class="act" href="{LINK}"' in with_link
    assert 'class="act"' not in without


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    program = tool("chromium", install="Chromium (Debian, Ubuntu: sudo apt install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program)
        yield browser
        await browser.close()


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 375, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_fit_a_phone_and_axe_finds_nothing(
    tmp_path: Path, chromium: Browser, width: int, scheme: str
) -> None:
    axe = (npm_packages(AXE) / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    noise: list[str] = []
    with MailSink(home=tmp_path) as sink:
        mail = a_mail(to=LONG, text=f"Hej Ida\n\nÅbn linket:\n{LINK}\n")
        mail.replace_header("Subject", "Værten har sagt ja: læs udkastet, og godkend det senest 1. august")
        mail.add_alternative("<p>Hej Ida</p>", subtype="html")
        send(sink, mail)
        context = await chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = await context.new_page()
        page.on("console", lambda message: noise.append(message.text))
        for path in ("/", "/?to=ingen", "/?to=en.meget", "/mails/1"):
            await page.goto(sink.url + path)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            await page.evaluate(axe)
            found = await page.evaluate(f"axe.run(document, {RULES})")
            assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path
        await context.close()

    assert noise == [], "its own policy lets its own style through"
