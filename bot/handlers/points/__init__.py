"""Points, as people see them: the statement and why it is what it is; and what admins give by hand."""

from bot.forms import Form
from bot.handlers.points import granting, statement

FORMS: tuple[Form, ...] = granting.FORMS
ROUTES = [*statement.ROUTES, *granting.ROUTES]
