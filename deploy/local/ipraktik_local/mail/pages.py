"""The sink's pages for people: every mail of the local stack, to read and to follow its links. Danish, no script."""

from collections.abc import Sequence
from html import escape
from typing import Final
from urllib.parse import urlencode

from ipraktik_local.mail.letters import Attachment, Letter, find_links

_STYLE: Final = """
:root{color-scheme:light dark;font:100%/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8886}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;border:1px solid #8886;padding:1rem}
dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}
input,button{font:inherit;padding:.3rem .6rem}
a:focus-visible,input:focus-visible,button:focus-visible{outline:3px solid;outline-offset:2px}
"""


def list_page(letters: Sequence[Letter], *, to: str, total: int, page_size: int) -> str:
    rows = "".join(
        f"<tr><td>{letter.n}</td><td>{escape(', '.join(letter.recipients))}</td>"
        f'<td><a href="/mails/{letter.n}">{escape(letter.subject or "(uden emne)")}</a></td>'
        f"<td>{escape(letter.received[:19].replace('T', ' '))}</td></tr>"
        for letter in letters
    )
    table = (
        "<table><caption>Nyeste først</caption><thead><tr><th scope=col>Nr.</th><th scope=col>Til</th>"
        f"<th scope=col>Emne</th><th scope=col>Modtaget (UTC)</th></tr></thead><tbody>{rows}</tbody></table>"
        if letters
        else "<p>Der er ingen mails at vise.</p>"
    )
    older = ""
    if len(letters) == page_size:
        query = urlencode({"to": to, "before": letters[-1].n} if to else {"before": letters[-1].n})
        older = f'<p><a href="/?{escape(query)}">Vis ældre mails</a></p>'
    return _page(
        "Mails",
        f"<h1>Mails</h1><p>{total} mails er modtaget. De er kun gemt her på maskinen; intet er sendt videre.</p>"
        '<form method="get" action="/"><p><label for="to">Vis kun mails til</label> '
        f'<input id="to" name="to" value="{escape(to)}" autocomplete="off"> <button>Vis</button></p></form>'
        f"{table}{older}",
    )


def mail_page(letter: Letter, *, has_html: bool, attachments: Sequence[Attachment]) -> str:
    here = f"/mails/{letter.n}"
    parts = "".join(
        f'<li><a href="{here}/attachments/{at}">{escape(part.name)}</a> '
        f"({escape(part.content_type)}, {len(part.content)} byte)</li>"
        for at, part in enumerate(attachments)
    )
    return _page(
        letter.subject or "(uden emne)",
        f'<p><a href="/">Alle mails</a></p><h1>{escape(letter.subject or "(uden emne)")}</h1><dl>'
        f"<dt>Fra</dt><dd>{escape(letter.sender)}</dd><dt>Til</dt><dd>{escape(', '.join(letter.recipients))}</dd>"
        f"<dt>Modtaget (UTC)</dt><dd>{escape(letter.received)}</dd>"
        f"<dt>Message-ID</dt><dd>{escape(letter.message_id)}</dd>"
        + (f"<dt>Slags</dt><dd>{escape(letter.kind)}</dd>" if letter.kind else "")
        + f"</dl><h2>Tekst</h2><pre>{_with_links(letter.text) or '(mailen har ingen tekstdel)'}</pre>"
        + (f"<h2>Vedhæftet</h2><ul>{parts}</ul>" if parts else "")
        + "<ul>"
        + (f'<li><a href="{here}/html">Se mailen som HTML</a></li>' if has_html else "")
        + f'<li><a href="/api/mails/{letter.n}/raw">Se mailen, som den kom</a></li></ul>',
    )


def message_page(message: str) -> str:
    return _page(message, f'<h1>{escape(message)}</h1><p><a href="/">Alle mails</a></p>')


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
        f"<title>{escape(title)} - mailbakke</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
