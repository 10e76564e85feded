"""Honours, as people see them: what there is, who is nominated, who has one; and what admins do."""

from bot.forms import Form
from bot.handlers.honours import judging, nominating

FORMS: tuple[Form, ...] = (*nominating.FORMS, *judging.FORMS)
ROUTES = [*nominating.ROUTES, *judging.ROUTES]
