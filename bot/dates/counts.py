"""How many, as people write it: 20, ２０人, 二十个, 两百, ten people."""

import re

from bot.dates.durations import HUNDREDS
from bot.dates.plain import ENGLISH, HAN, number, plain

COUNTED = "个|名额|名|位|人|积分|分|places?|people|persons?|points?"
COUNT = re.compile(rf"(?P<count>[0-9]{{1,9}}|{HUNDREDS}|{HAN}|{'|'.join(ENGLISH)}) ?(?:{COUNTED})*")
CHARACTERS_MAX = 20


def read_count(text: str) -> int | None:
    """The whole number that was written, with or without what is counted; None for anything else."""
    found = COUNT.fullmatch(plain(text)) if len(text) <= CHARACTERS_MAX else None
    return number(found["count"]) if found else None
