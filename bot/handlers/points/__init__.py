"""Points, as people see them: the statement and why it is what it is; how points come and go; and what admins give by hand."""

from bot.forms import Form
from bot.handlers.points import granting, handbook, rulefile, ruling, statement

FORMS: tuple[Form, ...] = (*granting.FORMS, *ruling.FORMS, *rulefile.FORMS)
ROUTES = [*statement.ROUTES, *granting.ROUTES, *handbook.ROUTES, *ruling.ROUTES, *rulefile.ROUTES]
