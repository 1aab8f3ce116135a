"""The web application of notify."""

from fastapi import FastAPI

from ipraktik_chassis.service import Context
from ipraktik_chassis.web import create_app
from ipraktik_notify.delivering.calling import caller_of
from ipraktik_notify.mailing.preview import previewing
from ipraktik_notify.web import api, feed, mine, preparation, signing_in, tokens, trying, webhooks
from ipraktik_notify.web.desk import again, held, mails, nudges, templates
from ipraktik_notify.web.pages import PAGES


def create(context: Context) -> FastAPI:
    """The application: the feed and the webhooks for agencies; the booklet for all; the sign-in, mails, tokens and held mails for coordinators."""
    app = create_app(context, title="Innovationspraktik: notify", version="0.1.0", pages=PAGES)
    app.state.feed = feed.Feed(context)
    app.state.caller = caller_of(context.settings, monotonic=context.clock.monotonic)
    app.state.trials = trying.Trials(context)
    app.state.previewing = previewing(context.settings)
    for routes in (
        feed,
        tokens,
        webhooks,
        trying,
        api,
        preparation,
        mine,
        signing_in,
        held,
        nudges,
        templates,
        mails,
        again,
    ):
        app.include_router(routes.router)
    app.include_router(mine.LINKS)
    return app
