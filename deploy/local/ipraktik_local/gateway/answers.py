"""What the gateway says by itself: a page in Danish and English where a service does not answer or an address leads nowhere.

Programs get the same as a problem (RFC 9457). No word of what was asked comes back.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from ipraktik_local.asgi import Send

_STYLE: Final = (
    ":root{color-scheme:light dark;font:112.5%/1.6 system-ui,sans-serif}"
    "body{max-width:36rem;margin:0 auto;padding:2rem 1rem}"
    "h1{font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}"
    "section{border-top:1px solid;margin-top:2rem}"
    "a:focus-visible{outline:3px solid;outline-offset:2px}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing to say. Title and sentence, Danish first."""

    status: int
    danish: tuple[str, str]
    english: tuple[str, str]
    again: bool = True
    """Whether trying again in a moment is of use."""


NOT_THERE: Final = Answer(
    503,
    ("Siden er ikke klar lige nu", "Den del af tjenesten svarer ikke. Prøv igen om et øjeblik."),
    ("This page is not ready right now", "This part of the service does not answer. Try again in a moment."),
)
BROKE_OFF: Final = Answer(
    502,
    (
        "Noget gik i stykker undervejs",
        "Vi fik ikke et helt svar. Prøv igen om et øjeblik. Har du sendt noget, så se først efter, om det er gemt.",
    ),
    (
        "Something broke on the way",
        "We got no whole answer. Try again in a moment. If you sent something, see first whether it was saved.",
    ),
)
TOO_SLOW: Final = Answer(
    504,
    ("Svaret kom ikke i tide", "Prøv igen om et øjeblik."),
    ("The answer did not come in time", "Try again in a moment."),
)
NOWHERE: Final = Answer(
    404,
    ("Siden findes ikke", "Der er ikke noget på denne adresse. Gå til forsiden, og find vej derfra."),
    ("There is no such page", "There is nothing at this address. Go to the front page and find your way."),
    again=False,
)


def is_for_programs(path: str) -> bool:
    """Whether a program asked, by the address."""
    return path.startswith("/api/") or "/api/v" in path or path.endswith(".json")


async def say(send: Send, answer: Answer, *, path: str, method: str) -> None:
    """Send it."""
    if is_for_programs(path):
        kind, body = "application/problem+json", _problem(answer)
    else:
        kind, body = "text/html; charset=utf-8", _page(answer)
    headers = [
        ("content-type", kind),
        ("content-length", str(len(body))),
        ("content-security-policy", _POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ]
    if answer.again:
        headers.append(("retry-after", "2"))
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers],
        }
    )
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _problem(answer: Answer) -> bytes:
    title, detail = answer.english
    said: dict[str, Any] = {"type": "about:blank", "title": title, "status": answer.status, "detail": detail}
    return json.dumps(said).encode()


def _page(answer: Answer) -> bytes:
    (danish, sentence), (english, in_english) = answer.danish, answer.english
    front = '<p><a href="/">Til forsiden</a></p>', '<p><a href="/">To the front page</a></p>'
    return (
        '<!doctype html><html lang="da"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(danish)} - Innovationspraktik</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(danish)}</h1><p>{escape(sentence)}</p>{front[0]}"
        f'<section lang="en"><h2>{escape(english)}</h2><p>{escape(in_english)}</p>{front[1]}</section>'
        "</main></body></html>"
    ).encode()
