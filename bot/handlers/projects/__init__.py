"""Needs: posted, looked for, published by the county, claimed, summed up."""

from bot.handlers.projects import browsing, claiming, closing, needing, pairing, reviewing

FORMS = (*browsing.FORMS, *needing.FORMS, *reviewing.FORMS, *claiming.FORMS, *closing.FORMS, *pairing.FORMS)
ROUTES = [*browsing.ROUTES, *needing.ROUTES, *reviewing.ROUTES, *claiming.ROUTES, *closing.ROUTES, *pairing.ROUTES]
