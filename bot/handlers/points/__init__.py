"""Points, as people see them: the statement and why it is what it is; how points come and go; and what admins give by hand."""

from bot.forms import Form
from bot.handlers.points import granting, handbook, statement

FORMS: tuple[Form, ...] = (*granting.FORMS, *handbook.FORMS)
ROUTES = [*statement.ROUTES, *granting.ROUTES, *handbook.ROUTES]
