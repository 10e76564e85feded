"""A bot with python-telegram-bot and its AIORateLimiter that tells an audience on /broadcast and answers presses.

It sends one after another; with --gather, all at once through the limiter.
"""

import asyncio
import os
import sys
from itertools import repeat

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, CommandHandler, ContextTypes

FIRST_PERSON, PEOPLE = (int(part) for part in os.environ["BENCH_AUDIENCE"].split("+"))


async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    await update.callback_query.answer("seen")


async def tell(context: ContextTypes.DEFAULT_TYPE, chat: int) -> None:
    try:
        await context.bot.send_message(chat, "Volunteers wanted on Saturday")
    except TelegramError as error:
        print(f"{chat} was not told: {error!r}", file=sys.stderr)


async def broadcast(_: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    audience = range(FIRST_PERSON, FIRST_PERSON + PEOPLE)
    if "--gather" in sys.argv:
        await asyncio.gather(*map(tell, repeat(context), audience))
        return
    for chat in audience:
        await tell(context, chat)


def main() -> None:
    builder = Application.builder().token(os.environ["BENCH_TOKEN"]).base_url(os.environ["BENCH_BASE_URL"])
    # No retries, the limiter's default, would lose whoever meets a 429.
    builder = builder.concurrent_updates(True).rate_limiter(AIORateLimiter(max_retries=10))
    application = builder.build()
    application.add_handler(CommandHandler("broadcast", broadcast, block=False))
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling()


if __name__ == "__main__":
    main()
