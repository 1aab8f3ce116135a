"""One placement from the public form to the evaluation, by four people in four browsers, over pages and the links of mails alone."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from browser.placement_play import Person, Town
from browser.visiting import Visitors
from playwright.async_api import expect

from ipraktik_local.environment import SERVICES
from ipraktik_local.processes import tail
from ipraktik_local.season.calendar import at
from ipraktik_local.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

OPENS, PUZZLE = date(2018, 4, 9), date(2018, 6, 27)
LAST_DAY = date(2018, 9, 14)
NEXT = "Gem og gå videre"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """All services as processes, the gateway before them, at the season's first hour."""
    with (
        TemporaryDirectory(prefix="ipraktik-one-", ignore_cleanup_errors=True) as folder,
        Stack(
            Path(folder),
            fast=True,
            simulated_from=at(OPENS, 9),
            settings={"POLL_SECONDS": "0.1"},
            ready_within=180,
        ) as running,
    ):
        yield running


@asynccontextmanager
async def town_on(stack: Stack, visitors: Visitors) -> AsyncIterator[Town]:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        try:
            yield Town.on(stack, visitors, client, now=at(OPENS, 9))
        except AssertionError as error:
            for service in SERVICES:  # why a page was another one stands there
                error.add_note(f"{service}-serve said last:\n{tail(stack.logs / f'{service}-serve.log', 2)}")
            raise


async def test_one_placement_from_the_public_form_to_the_evaluation(stack: Stack, visitor: Visitors) -> None:
    async with town_on(stack, visitor) as town:
        coordinator = await town.person("Karen", stack.env["COORDINATOR_ADDRESSES"])
        ida = await town.person("Ida Fjordholm", "ida@vejle.example.org")
        manager = await town.person("Mads Overdam", "mads@vejle.example.org")
        host = await town.person("Vera Isager", "vera@aarhus.example.org")

        await signs_in(town, coordinator)
        await opens_an_edition(coordinator)
        await the_intern_signs_up(town, ida, manager)
        await the_host_signs_up(town, host)
        await ida.opens("/registration/hosts")
        await ida.reads("Aarhus Kommune")

        await town.until(at(PUZZLE, 9))
        await signs_in(town, coordinator)
        await lays_the_puzzle_and_sends_it_out(town, coordinator)

        for person, question in ((ida, "Vil du have denne praktik?"), (host, "Vil I have denne praktikant?")):
            await town.follows_mail(person, "proposal", then=question)
            await person.chooses("Ja")
            await person.presses("Send svar", then="Forslaget")
        await the_three_agree(town, ida, manager, host)

        await town.until(at(LAST_DAY, 16))
        await town.follows_mail(ida, "last_day", then="Blev praktikken gennemført?")
        await ida.chooses("Ja, den blev gennemført")
        await ida.presses("Send svar", then="Praktikken")
        await ida.reads("Praktikken er gennemført")

        for person in (ida, manager, host):
            await evaluates(town, person)
        await town.settled()
        await ida.follows("Min side", then="Praktikken er gennemført. Tak for din evaluering")
        await ida.reads("Gennemført")
        await the_session_has_run_out(coordinator)


async def signs_in(town: Town, coordinator: Person) -> None:
    """By a link, like everybody."""
    await coordinator.opens("/registration/sign-in")
    await coordinator.fills(email=coordinator.email)
    await coordinator.presses("Send mig et link", then="Se i din indbakke")
    await coordinator.page.goto(await town.mail(coordinator, "sign_in"))
    await coordinator.page.locator("main").get_by_role("button").click()
    await coordinator.page.wait_for_url("**/matching/board*")


async def opens_an_edition(coordinator: Person) -> None:
    await coordinator.follows("Runder", then="Runder")
    await coordinator.follows("Opret en runde", then="Opret en runde")
    await coordinator.fills(
        name="Uge 37 2018",
        **_day("opens", OPENS),
        **_day("closes", date(2018, 6, 8)),
        year="2018",
        week="37",
    )
    await coordinator.presses("Opret runden", then="Runder")
    await coordinator.reads("Uge 37 2018")


async def the_intern_signs_up(town: Town, ida: Person, manager: Person) -> None:
    await ida.opens("/")
    await ida.follows("Bliv praktikant", then="Hvem er du?")
    await ida.fills(name=ida.name, email=ida.email, job_title="Planlægger")
    await ida.picks("field", "Biblioteker")
    await ida.presses(NEXT, then="Hvor arbejder du?")
    await ida.fills(
        organisation="Vejle Kommune",
        unit="Teknik og Miljø",
        manager_name=manager.name,
        manager_email=manager.email,
    )
    await ida.presses(NEXT, then="Hvad vil du opleve?")
    await ida.chooses("Eventyrer", "Jeg er åben for alt")
    await ida.fills(motivation="Jeg vil se, hvordan andre inddrager borgerne.")
    await ida.presses(NEXT, then="Hvornår og hvordan?")
    await ida.chooses("4-5 dage", "Find en vært til mig")
    await ida.presses(NEXT, then="Tjek dine svar")
    await ida.reads("Vejle Kommune")
    await ida.presses("Send tilmelding", then="Tak. Bekræft nu din e-mail")
    await town.follows_mail(ida, "confirm_address", then=f"Bekræft, at det er dig, {ida.name}")
    await ida.presses("Bekræft min tilmelding", then="Tak. Nu spørger vi din leder")
    await town.follows_mail(manager, "consent_wanted", then=f"{ida.name} vil gerne i innovationspraktik")
    await manager.presses("Ja, det er i orden", then="Tak for dit svar")
    await town.mail(ida, "registered")


async def the_host_signs_up(town: Town, host: Person) -> None:
    await host.opens("/")
    await host.follows("Bliv vært", then="Hvem er du?")
    await host.fills(name=host.name, email=host.email)
    await host.picks("field", "Biblioteker")
    await host.presses(NEXT, then="Hvor arbejder du?")
    await host.fills(organisation="Aarhus Kommune", unit="Hovedbiblioteket")
    await host.presses(NEXT, then="Hvad kan I byde på?")
    await host.fills(offer="Du er med på gulvet og får en opgave, der er din egen.")
    await host.chooses("2", "Vi er åbne for alle")
    await host.picks("days-min", "3 dage")
    await host.picks("days-max", "5 dage")
    await host.presses(NEXT, then="Hvornår kan I have besøg?")
    await host.chooses("Find praktikanter til os")
    await host.presses(NEXT, then="Tjek dine svar")
    await host.presses("Send tilmelding", then="Tak. Bekræft nu din e-mail")
    await town.follows_mail(host, "confirm_address", then=f"Bekræft, at det er dig, {host.name}")
    await host.presses("Bekræft min tilmelding", then="Du er tilmeldt")
    await town.settled()


async def lays_the_puzzle_and_sends_it_out(town: Town, coordinator: Person) -> None:
    await coordinator.follows("Puslespil", then="Puslespil")
    await coordinator.page.get_by_role("button", name="Start en beregning").click()
    await town.settled()
    await coordinator.follows("Puslespil", then="Puslespil")
    await coordinator.page.locator("table th[scope=row] a").first.click()
    await coordinator.reads("Ida Fjordholm")
    await coordinator.follows("Se, hvad der bliver sendt ud", then="Send planen ud")
    await coordinator.chooses("Ja, det er den sidste")
    await coordinator.page.get_by_role("button", name="Send planen ud").click()
    await coordinator.reads("Planen er sendt ud")


async def the_three_agree(town: Town, ida: Person, manager: Person, host: Person) -> None:
    """The intern writes the goals, which makes a second version; all three approve that one."""
    await town.follows_mail(ida, "agreement_draft", then="Aftale om praktik")
    await ida.follows("Ret aftalen", then="Ret aftalen")
    await ida.fills(
        meeting_place="Hovedindgangen kl. 9",
        goals_intern="Jeg vil lære, hvordan I tester ideer med lånerne.",
        programme="Mandag: rundvisning\nTirsdag: værksted",
    )
    await ida.chooses("Vi har spurgt HR om forsikring")
    await ida.presses("Send den nye version til alle tre", then="Aftale om praktik")
    for person in (manager, host):
        await town.follows_mail(person, "agreement_changed", then="Aftale om praktik")
        await approves(person)
    await ida.page.reload()
    await approves(ida)
    await ida.reads("Alle tre har godkendt")
    print_out = await ida.page.request.get(
        f"{ida.base}{await ida.page.get_by_role('link', name='Hent aftalen som PDF').get_attribute('href')}"
    )
    assert print_out.ok
    assert (await print_out.body()).startswith(b"%PDF-")
    for person in (ida, manager, host):
        await town.mail(person, "agreement_signed")


async def approves(person: Person) -> None:
    await person.reads("Hovedindgangen kl. 9")
    await person.chooses("Jeg har læst aftalen")
    await person.presses("Godkend aftalen", then="Aftale om praktik")


async def evaluates(town: Town, person: Person) -> None:
    """The first choice everywhere, a tick on each page of ticks, a few words."""
    await town.follows_mail(person, "evaluation_wanted", then="Hvordan gik det?")
    for _ in range(5):
        heading = await person.page.get_by_role("heading", level=1).inner_text()
        if heading == "Tjek dine svar":
            break
        for group in await person.page.locator("main fieldset").all():
            await group.locator("input").first.check()
        for area in await person.page.locator("main textarea").all():
            await area.fill("Vi ses igen til efteråret.")
        await person.page.get_by_role("button", name="Gå videre", exact=True).click()
        await expect(person.page.get_by_role("heading", level=1)).not_to_have_text(heading)
    await person.presses("Send mine svar", then="Tak for dine svar")


async def the_session_has_run_out(coordinator: Person) -> None:
    """Months later the board asks the coordinator to sign in again, and shows nothing before."""
    await coordinator.opens("/matching/board/cases")
    await coordinator.sees("Log ind som koordinator")


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
