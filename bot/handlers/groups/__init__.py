"""Interest groups: finding them, being in them, leading them, and the Telegram groups where they talk."""

from bot.handlers.groups import browsing, closing, joining, leading, meeting, tree

FORMS = (*browsing.FORMS, *leading.FORMS, *tree.FORMS)
ROUTES = [*browsing.ROUTES, *joining.ROUTES, *leading.ROUTES, *closing.ROUTES, *meeting.ROUTES, *tree.ROUTES]
