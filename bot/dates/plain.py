"""One spelling for what is written in many: widths, dashes, traditional characters, spaces, numerals."""

import re

TEXT_LENGTH_MAX = 200

# Only forms that people's keyboards give. Unicode's own compatibility forms would turn 3² into 32.
SPELLINGS = (
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("‐‑‒–—―−－〜～∼~", "-")
    | dict.fromkeys("：∶︰", ":")
    | dict.fromkeys("’‘＇`", "'")
    | dict.fromkeys('。、，,！!？?；;（）()【】[]「」《》“”"', " ")
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
    | dict(zip("週點後個兩鐘鍾號禮時這從過間淩〇", "周点后个两钟钟号礼时这从过间凌零", strict=True))
)
TABLE = str.maketrans(SPELLINGS)

DIGITS = dict(zip("零一二两三四五六七八九", (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

HAN = r"(?:[一二三四五六七八九]?十[一二三四五六七八九]?|零?[一二两三四五六七八九]|零)"
NUMERAL = rf"(?:[0-9]{{1,2}}|{HAN})"
WORDY = "零一二两三四五六七八九十百0-9a-z"

MERIDIEM_POINTS = re.compile(r"(?<![a-z])([ap])\. ?m\b\.?")
DATE_T_TIME = re.compile(r"(?<=[0-9])t(?=[0-9])")
# A point is part of a number only before a digit, and never after a letter ("Nov.30").
IDLE_POINT = re.compile(r"\.(?![0-9])|(?<=[a-z])\.")
# A space matters only between two words or numbers that would otherwise run together.
IDLE_SPACE = re.compile(rf" (?![{WORDY}])|(?<![{WORDY}]) ")
DASHES = re.compile(r"-{2,}")


def plain(text: str) -> str:
    """The text in lower case and one spelling; nothing that bears meaning is lost."""
    text = text.translate(TABLE).lower()
    text = re.sub(r"(?<![0-9])½", "0.5", text).replace("½", ".5")
    text = MERIDIEM_POINTS.sub(r"\1m", text)
    text = DATE_T_TIME.sub(" ", text)
    text = IDLE_POINT.sub(" ", text)
    text = IDLE_SPACE.sub("", " ".join(text.split()))
    return DASHES.sub("-", text)


def number(numeral: str) -> int:
    """What a numeral is: 25, 二十五, 一百二十, 二零二六, three; only such as the grammar's patterns let through."""
    if numeral.isdecimal():
        return int(numeral)
    if numeral in ("a", "an"):
        return 1
    if numeral in ENGLISH:
        return ENGLISH.index(numeral)
    hundreds, _, rest = numeral.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    if not ten:
        return 100 * _digits(hundreds) + _digits(ones)
    return 100 * _digits(hundreds) + 10 * (_digits(tens) or 1) + _digits(ones)


def _digits(han: str) -> int:
    value = 0
    for character in han:
        value = 10 * value + DIGITS[character]
    return value
