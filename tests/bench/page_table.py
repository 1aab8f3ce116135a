"""The pages that are measured: a line each. A page that answers anything but 200 fails the measurement, so a line is a promise."""

from dataclasses import dataclass
from typing import Final, Literal

Whose = Literal["anybody", "intern", "coordinator"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: whose it is says which token comes along. `{edition}`, `{host}`, `{intern}`, `{left}`, `{run}`, `{other_run}`,
    `{solved_run}` and `{placement}` are filled in.

    A page with a form is one that the form, posted, is answered by.
    """

    name: str
    service: str
    path: str
    whose: Whose = "anybody"
    form: str = ""

    @property
    def method(self) -> str:
        """How it is asked for."""
        return "POST" if self.form else "GET"


FORM: Final = "application/x-www-form-urlencoded"
FRONT: Final = Page("front page", "registration", "/")
REGISTRY: Final = Page("host registry", "registration", "/registration/hosts")

PAGES: Final = (
    FRONT,
    REGISTRY,
    Page("host registry, filtered", "registration", "/registration/hosts?sector=municipal&seats=1"),
    Page("one host", "registration", "/registration/hosts/{host}"),
    Page("my page", "registration", "/registration/sign-ups/{intern}", "intern"),
    Page("board: queue", "matching", "/matching/board?edition={edition}", "coordinator"),
    Page("board: balance", "matching", "/matching/board/balance?edition={edition}", "coordinator"),
    Page("board: cases", "matching", "/matching/board/cases?edition={edition}", "coordinator"),
    Page("board: one case", "matching", "/matching/board/cases/{placement}", "coordinator"),
    Page("board: a run", "matching", "/matching/board/runs/{run}", "coordinator"),
    Page(
        "board: two runs compared",
        "matching",
        "/matching/board/runs/compare?before={run}&after={other_run}",
        "coordinator",
    ),
    Page("board: why this place", "matching", "/matching/board/runs/{run}/interns/{intern}", "coordinator"),
    Page("board: a run, who is left", "matching", "/matching/board/runs/{run}/left", "coordinator"),
    Page(
        "board: hosts to look for",
        "matching",
        "/matching/board/hosts-wanted?edition={edition}",
        "coordinator",
    ),
    Page("board: ways in", "matching", "/matching/board/interns/{left}/ways", "coordinator"),
    Page("board: what if", "matching", "/matching/board/runs/{run}/what-if", "coordinator"),
    Page("board: fewest points", "matching", "/matching/board/runs/{solved_run}/fair", "coordinator"),
    Page("board: search", "matching", "/matching/board/search", "coordinator", "q=Organisation"),
    Page("board: search, nobody fits", "matching", "/matching/board/search", "coordinator", "q=Findes+ikke"),
    Page("desk: sign-ups", "registration", "/registration/desk/sign-ups", "coordinator"),
    Page("mails", "notify", "/notify/mails", "coordinator"),
    Page("report", "evaluation", "/evaluation/reports/{edition}"),
    Page("desk: evaluation", "evaluation", "/evaluation/desk", "coordinator"),
)
