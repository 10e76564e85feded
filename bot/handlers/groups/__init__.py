"""Interest groups: finding them, being in them, leading them, and the Telegram groups where they talk."""

from bot.handlers.groups import browsing, closing, joining, leading, meeting

FORMS = (*browsing.FORMS, *leading.FORMS)
ROUTES = [*browsing.ROUTES, *joining.ROUTES, *leading.ROUTES, *closing.ROUTES, *meeting.ROUTES]
