"""Methods by which a bot hears: getUpdates and the webhook."""

import asyncio
import re
from urllib.parse import urlsplit

from bot.sandbox.answers import Json, bad_request, conflict
from bot.sandbox.methods.call import Call
from bot.sandbox.updates import BATCH_MAX, Poll
from bot.sandbox.users import Bot, Webhook

WEBHOOK_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
TIMEOUT_SECONDS_MAX = 50
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


async def get_updates(call: Call) -> list[Json]:
    """What waits from `offset` on, after up to `timeout` seconds when nothing does.

    An offset confirms all before it. A second poll ends the one under way with a 409, as a webhook does.
    """
    bot, params = call.bot, call.params
    if bot.webhook is not None:
        raise conflict(WEBHOOK_SET)
    end_poll(bot, OTHER_POLL)
    bot.polls += 1
    _allow(call)
    if offset := params.number("offset"):
        bot.updates.confirm(offset)
    limit = params.number("limit") or BATCH_MAX
    limit = limit if 1 <= limit <= BATCH_MAX else BATCH_MAX
    batch = bot.updates.batch(limit)
    seconds = min(TIMEOUT_SECONDS_MAX, max(0, params.number("timeout")))
    if not batch and seconds:
        await _wait(bot, seconds)
        batch = bot.updates.batch(limit)
    return batch


async def _wait(bot: Bot, seconds: float) -> None:
    poll = bot.poll = Poll()
    bot.updates.arrived.clear()
    waits = [asyncio.ensure_future(event.wait()) for event in (bot.updates.arrived, poll.ended)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        if bot.poll is poll:
            bot.poll = None
    if poll.ended.is_set():
        raise conflict(poll.reason)


def end_poll(bot: Bot, reason: str) -> None:
    if bot.poll is not None:
        bot.poll.end(reason)
        bot.poll = None


def _allow(call: Call) -> None:
    """Take over the kinds of updates that are wanted; without the parameter they stay as they were."""
    if "allowed_updates" in call.params:
        call.bot.updates.allowed = frozenset(map(str, call.params.list("allowed_updates") or []))


def set_webhook(call: Call) -> bool:
    url = call.params.text("url")
    if not url:
        return delete_webhook(call)
    secret = call.params.text("secret_token")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if urlsplit(url).hostname not in LOOPBACK:
        raise bad_request("bad webhook: the sandbox delivers to loopback addresses alone")
    end_poll(call.bot, "terminated by setWebhook request")
    _allow(call)
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.drop()
    call.bot.webhook = Webhook(url, secret, call.params.number("max_connections") or 40)
    call.bot.webhook_error = None
    call.bot.updates.arrived.set()
    if call.world.on_webhook is not None:
        call.world.on_webhook(call.bot)
    return True


def delete_webhook(call: Call) -> bool:
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.drop()
    call.bot.webhook = None
    call.bot.updates.arrived.set()
    return True


def get_webhook_info(call: Call) -> Json:
    bot, hook = call.bot, call.bot.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates.waiting),
    }
    if hook is not None:
        info |= {"max_connections": hook.connections_max, "ip_address": "127.0.0.1"}
    if bot.webhook_error is not None:
        info |= {"last_error_date": bot.webhook_error[0], "last_error_message": bot.webhook_error[1]}
    return info | {"allowed_updates": sorted(bot.updates.allowed)} if bot.updates.allowed else info


def say_goodbye(call: Call) -> bool:
    return True
