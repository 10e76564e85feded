"""Activities shared with partners: given out, received, counted."""

from bot.handlers.partners import counting, receiving, sharing

FORMS = (*sharing.FORMS, *receiving.FORMS)
ROUTES = [*sharing.ROUTES, *receiving.ROUTES, *counting.ROUTES]

__all__ = ["FORMS", "ROUTES"]
