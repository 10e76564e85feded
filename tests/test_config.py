"""Settings: each is in the example with its default, and a wrong one stops the start and says why."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Settings, WrongSetting, read_settings

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
Write = Callable[[str], Path]
TOKEN = "123456789:AAcanarycanarycanarycanarycanary"


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a config.toml and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_example_says_defaults() -> None:
    """Whoever copies the example unchanged has the defaults."""
    assert read_settings(EXAMPLE).model_dump() == Settings().model_dump()


def test_example_names_each_setting_once() -> None:
    """Each setting stands in the example exactly once, each in its section, and each section has a word before it."""
    section, found = "", []
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif match := re.match(r"(\w+) =", line):
            found.append(f"{section}.{match[1]}")
    wanted = [f"{part}.{name}" for part, model in Settings() for name in type(model).model_fields]
    assert found == wanted


def test_example_explains_settings() -> None:
    """Every setting has a comment above it, or above the one before it."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"\w+ =", line):
            assert any(lines[before].startswith("#") for before in (number - 1, number - 2)), line


def test_file_may_be_missing(tmp_path: Path) -> None:
    """Without a config.toml everything has its default."""
    assert read_settings(tmp_path / "config.toml").county.name == "青年县"


def test_environment_goes_before_file(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """BOT__COUNTY__NAME wins over config.toml."""
    monkeypatch.setenv("BOT__COUNTY__NAME", "阳城")
    assert read_settings(written('[county]\nname = "榆次"')).county.name == "阳城"


WRONG = [
    ('[telegram]\ntoken = "no token"', "telegram.token: (hidden) was given; allowed: a token as @BotFather gives it"),
    (
        '[telegram]\nbase_url = "api.telegram.org"',
        "telegram.base_url: 'api.telegram.org' was given; allowed: an address",
    ),
    ('[telegram]\nbase_file_url = ""', "telegram.base_file_url: '' was given; allowed: an address"),
    ("[telegram]\nwebhook_port = 0", "telegram.webhook_port: 0 was given; allowed: greater than or equal to 1"),
    ('[telegram]\nmode = "push"', "telegram.mode: 'push' was given; allowed: 'polling' or 'webhook'"),
    ('[telegram]\nmode = "webhook"', "telegram.webhook_url: '' was given; allowed: the address under which"),
    ('[telegram]\nmode = "webhook"', "telegram.webhook_secret: (hidden) was given; allowed: 16 to 256 of"),
    ("[telegram]\ntokn = 1", "telegram.tokn: no such setting"),
    ("[telegraf]\ntoken = 1", "telegraf: no such setting"),
    (
        '[storage]\nurl = "postgresql://me:sec/ret@here/db"',
        "storage.url: 'postgresql://me:***@here/db' was given; allowed: \"sqlite",
    ),
    (
        '[storage]\nurl = "postgresql://me:sec@ret@here/db"',
        "storage.url: 'postgresql://me:***@here/db' was given; allowed: \"sqlite",
    ),
    (
        '[storage]\nurl = "mysql://me:secret@here/db"',
        "storage.url: 'mysql://me:***@here/db' was given; allowed: \"sqlite",
    ),
    ('[county]\ntime_zone = "Mars/North"', "county.time_zone: 'Mars/North' was given; allowed: a time zone"),
    ('[county]\nname = ""', "county.name: '' was given; allowed: String should have at least 1 character"),
    ("[council]\nday = 32", "council.day: 32 was given; allowed: less than or equal to 31"),
    ("[reminders]\ntask_leads_hours = [0]", "reminders.task_leads_hours: [0] was given; allowed: one or more numbers"),
    ("[sending]\nper_second = nan", "sending.per_second: nan was given; allowed: less than or equal to 100000"),
    ("[county", "can't be read as a TOML file"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_wrong_setting_is_named(written: Write, text: str, said: str) -> None:
    """A wrong setting is refused with its name, what was given and what is allowed."""
    with pytest.raises(WrongSetting) as wrong:
        read_settings(written(text))
    assert said in str(wrong.value)


def test_unknown_variable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable is a mistake, not a wish."""
    monkeypatch.setenv("BOT__TELEGRAMM__TOKEN", TOKEN)
    with pytest.raises(WrongSetting, match="BOT__TELEGRAMM__TOKEN: no such setting"):
        read_settings(tmp_path / "config.toml")


@pytest.mark.parametrize(
    "text", [f'telegram = "{TOKEN}"', f'[telegram]\ntoken = "{TOKEN} "', f'[telegram]\ntokn = "{TOKEN}"']
)
def test_wrong_setting_keeps_token_secret(written: Write, text: str) -> None:
    """However wrong the token is written, the complaint does not show it."""
    with pytest.raises(WrongSetting) as wrong:
        read_settings(written(text))
    assert "canary" not in str(wrong.value)


def test_all_wrong_settings_are_told_at_once(written: Write) -> None:
    """Two mistakes, one start: both are named."""
    with pytest.raises(WrongSetting) as wrong:
        read_settings(written("[council]\nday = 0\nhour = 24"))
    assert len(str(wrong.value).splitlines()) == 2
