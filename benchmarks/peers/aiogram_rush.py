"""A sign-up bot with aiogram and aiosqlite. --naive: checks, then inserts. --edit: also changes the card."""

import asyncio
import os
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery
from places import Places

dispatcher = Dispatcher()


@dispatcher.callback_query(F.data == "join")
async def join(query: CallbackQuery, places: Places) -> None:
    told = "in" if await places.take(query.from_user.id) else "full"
    await query.answer(told)
    if "--edit" in sys.argv:
        await query.message.edit_text(told)


async def main() -> None:
    places = Places(os.environ["BENCH_DATABASE"], naive="--naive" in sys.argv)
    await places.open()
    server = TelegramAPIServer.from_base(os.environ["BENCH_BASE_URL"].removesuffix("/bot"))
    bot = Bot(os.environ["BENCH_TOKEN"], session=AiohttpSession(api=server))
    try:
        await dispatcher.start_polling(bot, places=places)
    finally:
        await places.close()


if __name__ == "__main__":
    asyncio.run(main())
