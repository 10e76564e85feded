"""The Bot API: one call, from its parameters to its answer. The server and the memory transport both come here."""

import asyncio

from bot.sandbox.answers import Answer, Json, Refusal, Upload, bad_request, ok, too_many
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.call import Call
from bot.sandbox.methods.polling import get_updates
from bot.sandbox.params import Params
from bot.sandbox.users import Bot
from bot.sandbox.world import World

LIMITED = ("send", "edit", "copy", "forward", "stoppoll")
UNLIMITED = "sendchataction"


async def call(world: World, token: str, method: str, params: Json, files: dict[str, Upload]) -> Answer:
    """Handle one call as Telegram would, with the faults that are switched on.

    Raises faults.Broken when no answer is to be given.
    """
    half_way = world.faults.round_trip_seconds / 2
    if half_way:
        await asyncio.sleep(half_way)
    fault = world.faults.take(method, params) if world.faults.active else None
    instead = await fault.before() if fault is not None else None
    answer = instead or await _answered(world, token, method, params, files)
    world.record(method, params, answer)
    if fault is not None:
        fault.after()
    if half_way:
        await asyncio.sleep(half_way)
    return answer


async def _answered(world: World, token: str, method: str, params: Json, files: dict[str, Upload]) -> Answer:
    try:
        bot = _bot(world, token)
        _check(world, method, params, files)
        return ok(await _result(Call(world, bot, Params(params, files)), method.lower()))
    except Refusal as refusal:
        return refusal.answer


def _bot(world: World, token: str) -> Bot:
    bot = world.bots_by_token.get(token)
    if bot is None:
        looks_right = token.partition(":")[0].isdigit() and ":" in token
        raise Refusal(401, "Unauthorized") if looks_right else Refusal(404, "Not Found")
    return bot


def _check(world: World, method: str, params: Json, files: dict[str, Upload]) -> None:
    """A request that Telegram's documentation doesn't allow is kept for the test to see, and refused."""
    if world.check is None:
        return
    attached = {name: f"attach://{name}" for name in files if name not in params}
    try:
        world.check(method, params | attached if attached else params)
    except AssertionError as error:
        world.violations.append(str(error))
        raise bad_request(str(error)) from error


async def _result(call: Call, method: str) -> object:
    if method == "getupdates":
        return await get_updates(call)
    handler = METHODS.get(method)
    if handler is None:
        raise Refusal(404, "Not Found: method not found")
    _pass_gate(call, method)
    return handler(call)


def _pass_gate(call: Call, method: str) -> None:
    if call.world.limits is None or not method.startswith(LIMITED) or method == UNLIMITED:
        return
    gate = call.world.gate(call.bot)
    chat_id = call.params.number("chat_id") or call.params.text("chat_id")
    if gate is not None and (seconds := gate.wait(chat_id)):
        raise too_many(seconds)
