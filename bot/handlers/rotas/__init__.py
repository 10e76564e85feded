"""Duty posts and their rotas: seen, served at, drawn, handed on, and who served."""

from bot.handlers.rotas import changing, drawing, leading, planning, rolling, serving, showing

FORMS = (*serving.FORMS, *leading.FORMS, *drawing.FORMS, *rolling.FORMS)
ROUTES = [
    *showing.ROUTES,
    *planning.ROUTES,
    *serving.ROUTES,
    *changing.ROUTES,
    *leading.ROUTES,
    *drawing.ROUTES,
    *rolling.ROUTES,
]
