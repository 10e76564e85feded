"""Points, as people see them: the statement and why it is what it is; how points come and go; gifts; and what admins give by hand."""

from bot.forms import Form
from bot.handlers.points import (
    appealing,
    board,
    budgets,
    figures,
    forecast,
    giving,
    granting,
    handbook,
    papers,
    rewarding,
    rulefile,
    ruling,
    statement,
    watching,
    why,
)

FORMS: tuple[Form, ...] = (
    *appealing.FORMS,
    *granting.FORMS,
    *giving.FORMS,
    *ruling.FORMS,
    *rulefile.FORMS,
    *watching.FORMS,
    *budgets.FORMS,
    *rewarding.FORMS,
)
ROUTES = [
    *statement.ROUTES,
    *board.ROUTES,
    *why.ROUTES,
    *appealing.ROUTES,
    *granting.ROUTES,
    *budgets.ROUTES,
    *rewarding.ROUTES,
    *giving.ROUTES,
    *handbook.ROUTES,
    *ruling.ROUTES,
    *rulefile.ROUTES,
    *figures.ROUTES,
    *forecast.ROUTES,
    *watching.ROUTES,
    *papers.ROUTES,
]
