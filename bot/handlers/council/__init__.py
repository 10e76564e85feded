"""The youth council: its sessions and agendas, its topics, its members."""

from bot.handlers.council import members, sessions, topics

FORMS = (*topics.FORMS, *members.FORMS)
ROUTES = [*sessions.ROUTES, *topics.ROUTES, *members.ROUTES]
