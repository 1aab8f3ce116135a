"""An answer that is not what was hoped for: RFC 9457 problem details for programs, words in both languages for people."""

import json
from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

_PROBLEM: Final = "application/problem+json"


class Problem(Exception):
    """An answer that is not what was hoped for. `detail` says what to do; `errors` names fields, `{"field", "message"}`.

    `danish` is title and detail for people who read Danish; without it a page says what the status means in general.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        errors: Sequence[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
        danish: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}
        self.danish = danish


class SignInFirst(Problem):
    """A coordinator's page or route without a coordinator. People are led to the page that signs them in."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "Sign in first",
            "Send the coordinator's token as a bearer token.",
            headers={"www-authenticate": "Bearer"},
            danish=("Log ind først", "Siden er for koordinatorer. Få et link til at logge ind med."),
        )


def problem_response(problem: Problem) -> Response:
    """The problem as application/problem+json."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    return Response(json.dumps(body, ensure_ascii=False), problem.status, problem.headers, _PROBLEM)


NOTHING_HERE: Final = Problem(
    404,
    "Not Found",
    "There is nothing at this address.",
    danish=("Siden findes ikke", "Tjek adressen, eller begynd på forsiden."),
)


def too_large(most: int) -> Problem:
    """What was sent passes the limit."""
    return Problem(
        413,
        "Too large",
        f"Send at most {most} bytes.",
        danish=("Det fylder for meget", f"Send højst {most // 1000} kB ad gangen."),
    )


def wants_page(request: Request) -> bool:
    """Whether it is a person who asks, by way of a browser."""
    return "/api/" not in request.url.path and "text/html" in request.headers.get("accept", "")


def answer(request: Request, problem: Problem) -> Response:
    """The problem as a page for people, as problem details for programs."""
    if wants_page(request):
        page: Response = request.app.state.pages.problem(request, problem)
        return page
    return problem_response(problem)
