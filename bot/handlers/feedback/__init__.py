"""Feedback, as people see it: how it was, thanks, and not having felt safe."""

from bot.forms import Form
from bot.handlers.feedback import saying, thanking, worrying

FORMS: tuple[Form, ...] = (*saying.FORMS, *worrying.FORMS)
ROUTES = [*saying.ROUTES, *thanking.ROUTES, *worrying.ROUTES]
