"""Points, as people see them: the statement and why it is what it is; how points come and go; what is given away and by hand."""

from bot.forms import Form
from bot.handlers.points import giving, granting, handbook, rulefile, ruling, statement

FORMS: tuple[Form, ...] = (*giving.FORMS, *granting.FORMS, *ruling.FORMS, *rulefile.FORMS)
ROUTES = [
    *statement.ROUTES,
    *giving.ROUTES,
    *granting.ROUTES,
    *handbook.ROUTES,
    *ruling.ROUTES,
    *rulefile.ROUTES,
]
