"""People under 18, as they, their guardians and leaders see it."""

from bot.forms import Form
from bot.handlers.minors import arriving, guarding, minding

FORMS: tuple[Form, ...] = ()
ROUTES = [*arriving.ROUTES, *guarding.ROUTES, *minding.ROUTES]
