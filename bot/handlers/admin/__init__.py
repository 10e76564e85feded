"""What admins steer by: the panel, roles, figures, exports and the audit log; auditors read all of it."""

from bot.forms import Form
from bot.handlers.admin import daily, figures, granting, log, panel, revoking

FORMS: tuple[Form, ...] = (*granting.FORMS, *revoking.FORMS)
ROUTES = [*panel.ROUTES, *granting.ROUTES, *revoking.ROUTES, *figures.ROUTES, *daily.ROUTES, *log.ROUTES]
