"""Two records of one person become one: asked for, agreed to, confirmed by the person, and done in every room."""

from bot.domain.merging.agreeing import agree, confirm, decline, deny, propose, remind, silence
from bot.domain.merging.asking import Alike, Having, alike, having, merge, open_merges, open_number, titles, vouched
from bot.domain.merging.doing import FATES, REMIND, ROOMS, SILENCE, SWEEP, sweep
from bot.domain.merging.things import Merge, question, summary

DEEDS = {REMIND: remind, SILENCE: silence, SWEEP: sweep}

__all__ = [
    "DEEDS",
    "FATES",
    "ROOMS",
    "Alike",
    "Having",
    "Merge",
    "agree",
    "alike",
    "confirm",
    "decline",
    "deny",
    "having",
    "merge",
    "open_merges",
    "open_number",
    "propose",
    "question",
    "summary",
    "titles",
    "vouched",
]
