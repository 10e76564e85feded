"""Volunteer tasks and events: seen, signed up for, published, changed, confirmed."""

from bot.handlers.activities import (
    changing,
    checking,
    coming,
    confirming,
    fairness,
    finding,
    lacking,
    planning,
    publishing,
    repeating,
    reviewing,
    series,
    showing,
    standing_by,
    taking_part,
    teaming,
    templates,
    training,
    watching,
)

FORMS = (
    *lacking.FORMS,
    *finding.FORMS,
    *publishing.FORMS,
    *templates.FORMS,
    *changing.FORMS,
    *reviewing.FORMS,
)
FORMS = (*standing_by.FORMS, *lacking.FORMS, *finding.FORMS, *publishing.FORMS, *templates.FORMS, *changing.FORMS)
FORMS = (*lacking.FORMS, *finding.FORMS, *publishing.FORMS, *templates.FORMS, *repeating.FORMS, *changing.FORMS)
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
    *series.ROUTES,
    *repeating.ROUTES,
    *lacking.ROUTES,
    *changing.ROUTES,
    *confirming.ROUTES,
    *coming.ROUTES,
    *standing_by.ROUTES,
    *watching.ROUTES,
    *checking.ROUTES,
]
