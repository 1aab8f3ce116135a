"""The sink's pages for people: every mail of the local stack, to read and to follow its links. Danish, no script."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final
from urllib.parse import urlencode, urlsplit

from ipraktik_local.mail.letters import Attachment, Letter, find_links
from ipraktik_local.mail.times import day_of, hour_of

_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1a1a1a;--soft:#595959;--paper:#fff;--band:#f5f5f5;--line:#bfbfbf;--act:#454545;--on-act:#fff;--link:#004d99}
@media (prefers-color-scheme:dark){:root{--ink:#f2f2f2;--soft:#c4c4c4;--paper:#1c1c1c;--band:#292929;--line:#5c5c5c;--act:#e6e6e6;--on-act:#1a1a1a;--link:#9cc7ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:100%/1.55 "IBM Plex Sans",system-ui,sans-serif;overflow-wrap:anywhere}
header{background:var(--band);border-bottom:1px solid var(--line)}
header p,main{max-width:56rem;margin:0 auto;padding:1rem}
header p{padding-block:.75rem}
header strong{margin-right:.75rem}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0 1rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
a{color:var(--link)}
.soft{color:var(--soft)}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:1.5rem 0}
form div{flex:1 1 14rem}
label{display:block;font-weight:600}
input,button,.act{font:inherit;padding:.5rem .75rem;border:1px solid var(--act);border-radius:4px}
input{width:100%;background:var(--paper);color:var(--ink)}
button,.act{background:var(--act);color:var(--on-act);font-weight:600;cursor:pointer;text-decoration:none;display:inline-block}
.letters{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
.letters li{display:grid;grid-template-columns:1fr;gap:0 1rem;padding:.6rem 0;border-bottom:1px solid var(--line)}
.letters a{font-weight:600}
@media (min-width:44rem){.letters li{grid-template-columns:5rem 1fr 18rem}}
pre{white-space:pre-wrap;font:inherit;background:var(--band);border:1px solid var(--line);border-radius:4px;padding:1rem;margin:0}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.25rem 1rem;margin:0 0 1.5rem}
dt{font-weight:600}dd{margin:0}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
"""
POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def list_page(letters: Sequence[Letter], *, to: str, total: int, page_size: int, simulated: bool) -> str:
    """The newest mails first, day by day; `to` is the part of an address that was looked for."""
    days = "".join(
        f"<h2>{escape(day[:1].upper() + day[1:]) or 'Uden dato'}</h2>"
        f'<ul class="letters">{"".join(_line(letter) for letter in of_day)}</ul>'
        for day, of_day in groupby(letters, key=lambda letter: day_of(letter.received))
    )
    older = ""
    if len(letters) == page_size:
        query = urlencode({"to": to, "before": letters[-1].n} if to else {"before": letters[-1].n})
        older = f'<p><a href="/?{escape(query)}">Vis ældre mails</a></p>'
    time = (
        "Tiderne er prøvens egne: uret er simuleret, og dets tid vises som dansk tid."
        if simulated
        else "Tiderne er danske."
    )
    return _page(
        f"Mails til {to}" if to else "Mails",
        f"<h1>{f'Mails til {escape(to)}' if to else 'Mails'}</h1>"
        f'<p>{total} {"mail" if total == 1 else "mails"} er kommet i alt. <span class="soft">{time}</span></p>'
        '<form method="get" action="/"><div><label for="to">Vis kun mails til</label>'
        f'<input id="to" name="to" value="{escape(to)}" autocomplete="off"></div><button>Vis mails</button></form>'
        + ('<p><a href="/">Vis alle mails</a></p>' if to else "")
        + (days or "<p>Der er ingen mails at vise.</p>")
        + older,
    )


def mail_page(letter: Letter, *, has_html: bool, attachments: Sequence[Attachment]) -> str:
    """One mail, with its links as they stand in it and the first as a button."""
    here = f"/mails/{letter.n}"
    subject = escape(letter.subject or "(uden emne)")
    parts = "".join(
        f'<li><a href="{here}/attachments/{at}">{escape(part.name)}</a> '
        f"({escape(part.content_type)}, {len(part.content)} byte)</li>"
        for at, part in enumerate(attachments)
    )
    facts = [
        ("Fra", letter.sender),
        ("Til", ", ".join(letter.recipients)),
        ("Modtaget", f"{day_of(letter.received)} {hour_of(letter.received)}".strip()),
        ("Slags", letter.kind or ""),
        ("Message-ID", letter.message_id),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return _page(
        letter.subject or "(uden emne)",
        f'<p><a href="/">Alle mails</a></p><h1>{subject}</h1><dl>{listed}</dl>'
        + _button(letter)
        + f"<h2>Mailens tekst</h2><pre>{_with_links(letter.text) or '(mailen har ingen tekstdel)'}</pre>"
        + (f"<h2>Vedhæftet</h2><ul>{parts}</ul>" if parts else "")
        + "<h2>Andre måder at se mailen på</h2><ul>"
        + (f'<li><a href="{here}/html">Se mailen som HTML</a></li>' if has_html else "")
        + f'<li><a href="/api/mails/{letter.n}/raw">Se mailen, som den kom</a></li></ul>',
    )


def message_page(message: str) -> str:
    """Only a sentence."""
    return _page(message, f'<h1>{escape(message)}</h1><p><a href="/">Alle mails</a></p>')


def _line(letter: Letter) -> str:
    return (
        f'<li><span class="soft">{escape(hour_of(letter.received))}</span>'
        f'<a href="/mails/{letter.n}">{escape(letter.subject or "(uden emne)")}</a>'
        f'<span class="soft">til {escape(", ".join(letter.recipients))}</span></li>'
    )


def _button(letter: Letter) -> str:
    """The link that the mail is about: the first that carries more than an address of a page."""
    acts = [link for link in letter.links if urlsplit(link).query] or list(letter.links[:1])
    return (
        f'<p><a class="act" href="{escape(acts[0])}" rel="noreferrer">Åbn mailens link</a></p>'
        if acts
        else ""
    )


def _with_links(text: str) -> str:
    done, out = 0, []
    for start, end in find_links(text):
        address = escape(text[start:end])
        out.append(f'{escape(text[done:start])}<a href="{address}" rel="noreferrer">{address}</a>')
        done = end
    return "".join(out) + escape(text[done:])


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="da"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} - mailbakke</title><style>{_STYLE}</style></head><body>"
        "<header><p><strong>Mailbakke</strong> Mails fra prøven på denne maskine. Intet er sendt videre.</p></header>"
        f"<main>{body}</main></body></html>"
    )
