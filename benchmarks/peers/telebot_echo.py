"""pyTelegramBotAPI's echo bot, in its asyncio variant: the threaded one has two threads unless it is told otherwise."""

import asyncio
import os

from telebot import asyncio_helper
from telebot.async_telebot import AsyncTeleBot
from telebot.types import Message

asyncio_helper.API_URL = os.environ["BENCH_BASE_URL"] + "{0}/{1}"
bot = AsyncTeleBot(os.environ["BENCH_TOKEN"])


@bot.message_handler(func=lambda message: True)
async def echo(message: Message) -> None:
    await bot.send_message(message.chat.id, message.text)


if __name__ == "__main__":
    asyncio.run(bot.infinity_polling())
