"""Calls: writing and sending one, its numbers, and the answers."""

from bot.handlers.calls import looking, nodes, writing

FORMS = (*writing.FORMS, *looking.FORMS)
ROUTES = [*writing.ROUTES, *looking.ROUTES, *nodes.ROUTES]
