"""The web application of notify."""

from fastapi import FastAPI

from ipraktik_chassis.service import Context
from ipraktik_chassis.web import create_app
from ipraktik_notify.delivering.calling import caller_of
from ipraktik_notify.web import api, feed, tokens, trying, webhooks


def create(context: Context) -> FastAPI:
    """The application: the feed and the webhooks for agencies; tokens, the mail log and held mails for coordinators."""
    app = create_app(context, title="Innovationspraktik: notify", version="0.1.0")
    app.state.feed = feed.Feed(context)
    app.state.caller = caller_of(context.settings, monotonic=context.clock.monotonic)
    app.state.trials = trying.Trials(context)
    for routes in (feed, tokens, webhooks, trying, api):
        app.include_router(routes.router)
    return app
