"""Help where people live: asking, seeing to it, service points and the workers of an area."""

from bot.handlers.services import asking, handling, listing, places

FORMS = (*asking.FORMS, *handling.FORMS, *places.FORMS)
ROUTES = [*asking.ROUTES, *listing.ROUTES, *handling.ROUTES, *places.ROUTES]
