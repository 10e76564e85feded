"""Hours of service, as people see them: mine, those of others, what is public, and certificates."""

from bot.forms import Form
from bot.handlers.hours import entering, judging, mine, papers, public, watching

FORMS: tuple[Form, ...] = (*mine.FORMS, *entering.FORMS, *public.FORMS, *papers.FORMS)
ROUTES = [
    *mine.ROUTES,
    *entering.ROUTES,
    *judging.ROUTES,
    *watching.ROUTES,
    *public.ROUTES,
    *papers.ROUTES,
]
