"""The shop, as people see it: the catalogue, what they have reserved, the counter, and what admins do."""

from bot.forms import Form
from bot.handlers.shop import browsing, checking, counter, gifts, importing, places, privileges, stocking, youthcard

FORMS: tuple[Form, ...] = (*stocking.FORMS, *places.FORMS, *privileges.FORMS, *importing.FORMS)
ROUTES = [
    *browsing.ROUTES,
    *counter.ROUTES,
    *stocking.ROUTES,
    *places.ROUTES,
    *privileges.ROUTES,
    *checking.ROUTES,
    *gifts.ROUTES,
    *importing.ROUTES,
    *youthcard.ROUTES,
]
