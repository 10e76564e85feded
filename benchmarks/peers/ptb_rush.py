"""A sign-up bot with python-telegram-bot and aiosqlite. --concurrent: 256 at once. --naive: checks, then inserts.

With --edit it also changes the card on which the button was, as most such bots do.
"""

import os
import sys

from places import Places
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes


def main() -> None:
    places = Places(os.environ["BENCH_DATABASE"], naive="--naive" in sys.argv)

    async def join(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        told = "in" if await places.take(query.from_user.id) else "full"
        await query.answer(told)
        if "--edit" in sys.argv:
            await query.edit_message_text(told)

    async def opened(_: Application) -> None:
        await places.open()

    async def closed(_: Application) -> None:
        await places.close()

    builder = Application.builder().token(os.environ["BENCH_TOKEN"]).base_url(os.environ["BENCH_BASE_URL"])
    builder = builder.post_init(opened).post_shutdown(closed)
    if "--concurrent" in sys.argv:
        builder = builder.concurrent_updates(256)
    application = builder.build()
    application.add_handler(CallbackQueryHandler(join, pattern="^join$"))
    application.run_polling()


if __name__ == "__main__":
    main()
