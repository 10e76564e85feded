"""People under 18, as they, their guardians and leaders see it."""

from bot.forms import Form
from bot.handlers.minors import arriving, guarding, minding, picking

FORMS: tuple[Form, ...] = picking.FORMS
ROUTES = [*arriving.ROUTES, *guarding.ROUTES, *minding.ROUTES, *picking.ROUTES]
