"""The parts of the day, and which hours they make of spoken ones."""

from bot.dates.items import Clock, Hours, Part


def _hours(*spoken: int, plus: int) -> dict[int, int]:
    return {hour: hour + plus for hour in spoken}


NOON = Clock(12, 0, Hours.DAY, twelve=True)
# Midnight ends the day that is named, as 晚上12点 does: "Sat midnight" is where Sunday begins.
MIDNIGHT = Clock(24, 0, Hours.DAY, twelve=True)

SMALL_HOURS = Part({12: 0} | _hours(1, 2, 3, 4, 5, 6, plus=0))
MORNING = Part(_hours(*range(1, 12), plus=0), frozenset({12}))
MIDDAY = Part({11: 11, 12: 12, 1: 13, 2: 14}, alone=NOON)
AFTERNOON = Part({12: 12} | _hours(*range(1, 12), plus=12))
DUSK = Part(_hours(4, 5, 6, 7, 8, plus=12))
# The small hours after an evening belong to another date than the evening does, so 周六晚上2点 could be either.
NIGHT = Part(_hours(*range(5, 13), plus=12), frozenset({1, 2, 3, 4}))

CHINESE = {
    **dict.fromkeys(("凌晨",), SMALL_HOURS),
    **dict.fromkeys(("清晨", "早晨", "早上", "早"), MORNING),
    "上午": MORNING,
    "中午": MIDDAY,
    **dict.fromkeys(("下午", "午后"), AFTERNOON),
    "傍晚": DUSK,
    **dict.fromkeys(("晚上", "夜晚", "夜里", "夜间", "深夜", "半夜", "午夜", "晚", "夜"), NIGHT),
}
ENGLISH = {"morning": MORNING, "afternoon": AFTERNOON, "evening": NIGHT, "night": NIGHT}
