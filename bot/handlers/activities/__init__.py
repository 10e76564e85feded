"""Volunteer tasks and events: seen, signed up for, published, changed, confirmed."""

from bot.handlers.activities import (
    changing,
    coming,
    confirming,
    fairness,
    finding,
    lacking,
    planning,
    publishing,
    reviewing,
    showing,
    taking_part,
    teaming,
    templates,
    training,
)

FORMS = (
    *lacking.FORMS,
    *finding.FORMS,
    *publishing.FORMS,
    *templates.FORMS,
    *changing.FORMS,
    *reviewing.FORMS,
)
ROUTES = [
    *finding.ROUTES,
    *showing.ROUTES,
    *taking_part.ROUTES,
    *teaming.ROUTES,
    *fairness.ROUTES,
    *reviewing.ROUTES,
    *training.ROUTES,
    *publishing.ROUTES,
    *planning.ROUTES,
    *templates.ROUTES,
    *lacking.ROUTES,
    *changing.ROUTES,
    *confirming.ROUTES,
    *coming.ROUTES,
]
