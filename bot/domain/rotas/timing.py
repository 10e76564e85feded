"""What rotas do of themselves, each when its time has come."""

from collections.abc import Awaitable, Callable, Mapping

from bot.config import House
from bot.domain.rotas import clearing, ending, offering, posting, publishing, reminding, swapping
from bot.due import Due
from bot.storage import Transaction

DEEDS: Mapping[str, Callable[[Transaction, Due, House], Awaitable[None]]] = {
    publishing.TELL: publishing.tell,
    posting.CLEAR: clearing.clear,
    clearing.TELL_GONE: clearing.tell_gone,
    ending.ENDING: ending.tell_ending,
    publishing.REMIND: reminding.remind,
    reminding.NUDGE: reminding.nudge,
    publishing.OVER: reminding.over,
    offering.ALARM: offering.alarm,
    offering.GAP: offering.gap,
    offering.ASK: offering.ask,
    offering.STOOD: offering.stood,
    offering.UNTAKEN: offering.untaken,
    swapping.SWAPPED: swapping.swapped,
}
