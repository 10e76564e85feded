"""How it is said: each module has the name of its twin in `bot/domain/` and exports its ROUTES and FORMS."""

from bot.forms import Forms
from bot.handlers import (
    activities,
    admin,
    callouts,
    calls,
    council,
    feedback,
    groups,
    helping,
    honours,
    hours,
    merging,
    minors,
    neighbours,
    partners,
    people,
    points,
    privacy,
    projects,
    rotas,
    services,
    shop,
)
from bot.routing import Routes

FEATURES = (
    people,
    groups,
    activities,
    partners,
    projects,
    services,
    rotas,
    points,
    hours,
    feedback,
    honours,
    shop,
    minors,
    neighbours,
    council,
    calls,
    callouts,
    admin,
    merging,
    privacy,
)


def everything() -> Routes:
    """Every way in that the bot has, in the order in which /help lists commands."""
    forms = Forms(form for feature in FEATURES for form in feature.FORMS)
    known = Routes(
        [
            *(route for feature in FEATURES for route in feature.ROUTES),
            *helping.routes(lambda: known),
            *forms.routes(helping.unanswered(lambda: known), activities.located),
        ]
    )
    return known
