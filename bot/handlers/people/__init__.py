"""Arriving, who I am, and my settings."""

from bot.handlers.people import arriving, settings

FORMS = (*arriving.FORMS, *settings.FORMS)
ROUTES = [*arriving.ROUTES, *settings.ROUTES]
