"""All pages of the board, in an order in which no address hides another."""

from fastapi import APIRouter

from ipraktik_matching.web.board import (
    around_run,
    balance_page,
    case_page,
    cases_page,
    compare_page,
    fair_page,
    queue_page,
    release_page,
    rules_page,
    run_page,
    runs_page,
    search_page,
    wanted_page,
    ways_page,
    what_if_page,
    why_page,
)

router = APIRouter()
for _page in (
    queue_page,
    balance_page,
    wanted_page,
    runs_page,
    compare_page,
    run_page,
    around_run,
    what_if_page,
    fair_page,
    release_page,
    why_page,
    ways_page,
    rules_page,
    cases_page,
    case_page,
    search_page,
):
    router.include_router(_page.router)
