"""Two records of one person become one: asked for, agreed to, confirmed by the person, and done in every room."""

from bot.domain.merging.agreeing import agree, confirm, decline, deny, propose, remind, silence
from bot.domain.merging.alike import (
    Likeness,
    Namesake,
    alike,
    likeness,
    namesakes,
    pair_words,
    say_same,
    sign_words,
    tell_apart,
)
from bot.domain.merging.asking import OPEN_NUMBER, Having, having, merge, open_merges, titles, vouched
from bot.domain.merging.comparing import COMPARE, compare, plan_comparing
from bot.domain.merging.doing import FATES, REMIND, ROOMS, SILENCE, SWEEP, sweep
from bot.domain.merging.things import Merge, question, summary

DEEDS = {REMIND: remind, SILENCE: silence, SWEEP: sweep, COMPARE: compare}

__all__ = [
    "COMPARE",
    "DEEDS",
    "FATES",
    "OPEN_NUMBER",
    "ROOMS",
    "Having",
    "Likeness",
    "Merge",
    "Namesake",
    "agree",
    "alike",
    "confirm",
    "decline",
    "deny",
    "having",
    "likeness",
    "merge",
    "namesakes",
    "open_merges",
    "pair_words",
    "plan_comparing",
    "propose",
    "question",
    "say_same",
    "sign_words",
    "summary",
    "tell_apart",
    "titles",
    "vouched",
]
