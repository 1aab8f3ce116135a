"""What all pages of matching share: problems as pages, forms checked by the same models as JSON, answers led back by 303."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from ipraktik_chassis.pages import Pages, form_of
from ipraktik_chassis.web import Problem, invalid
from ipraktik_matching.web import words
from ipraktik_matching.web.parties import Asking, asking

PAGES: Final = Pages(templates=Path(__file__).parent / "templates")
M = TypeVar("M", bound=BaseModel)


class PageRoute(APIRoute):
    """A route whose problems are pages, in the language of whoever asks."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return PAGES.problem(request, problem, language=_language(request))
            except RequestValidationError as error:
                return PAGES.problem(request, invalid(error), language=_language(request))

        return handled


async def page_asking(request: Request, placement_id: UUID, act: str) -> Asking:
    """The person a page is for; from here on what is refused is said in their language."""
    who = await asking(request, placement_id=placement_id, acts=(act,))
    request.state.page_language = who.contact.language
    return who


async def posted(request: Request, model: type[M]) -> M:
    """The posted form as a model; fields left empty count as not sent. Raises Problem."""
    form = await form_of(request)
    try:
        return model.model_validate({name: value for name, value in form.items() if value != ""})
    except ValidationError as error:
        raise invalid(error) from None


def render(request: Request, template: str, who: Asking, **values: Any) -> Response:
    """A page for this person about this placement."""
    language = who.contact.language
    return PAGES.render(
        request,
        template,
        language=language,
        who=who,
        placement=who.placement,
        words=words,
        day=lambda value: words.day(value, language),
        deadline=lambda value: words.deadline(value, language),
        **values,
    )


def _language(request: Request) -> str:
    return str(getattr(request.state, "page_language", "da"))
