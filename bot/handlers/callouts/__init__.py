"""Call-outs: brigades, readiness, areas, calling out, answering, leading, kit."""

from bot.handlers.callouts import answering, brigades, calling, covering, inviting, kit, leading, living, standing

FORMS = (*brigades.FORMS, *standing.FORMS, *covering.FORMS, *calling.FORMS, *answering.FORMS, *kit.FORMS)
ROUTES = [
    *brigades.ROUTES,
    *inviting.ROUTES,
    *standing.ROUTES,
    *covering.ROUTES,
    *living.ROUTES,
    *calling.ROUTES,
    *answering.ROUTES,
    *leading.ROUTES,
    *kit.ROUTES,
]
