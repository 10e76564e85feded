"""Volunteer tasks and events: seen, signed up for, published, changed, confirmed."""

from bot.handlers.activities import changing, confirming, finding, planning, publishing, showing, taking_part, teaming

FORMS = (*finding.FORMS, *publishing.FORMS, *changing.FORMS)
ROUTES = [
    *finding.ROUTES,
    *showing.ROUTES,
    *taking_part.ROUTES,
    *teaming.ROUTES,
    *publishing.ROUTES,
    *planning.ROUTES,
    *changing.ROUTES,
    *confirming.ROUTES,
]
