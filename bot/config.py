"""Settings: read once, at the start, from config.toml and the environment; a wrong one stops the start and says why."""

import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

_TOKEN = re.compile(r"\d{1,19}:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_PASSWORD = re.compile(r"(://[^:@/]*:).*@", re.DOTALL)
# Anything else is read otherwise than it was meant: what stands behind a / or # in a password is taken for a database.
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^][/?#@:,\s]*)(:\d{1,5})?"
_POSTGRES = re.compile(rf"postgresql://([^/?#@\s]*@)?{_HOST}(,{_HOST})*([/?][^#@\s]*)?")


class WrongSetting(Exception):
    """A setting can't be used. One line each: its name, what was given, what is allowed. Nothing was started."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("a time zone of the IANA list, such as Asia/Shanghai")
    return name


def _supported_url(url: str) -> str:
    if not url.startswith("sqlite:///") and not _POSTGRES.fullmatch(url):
        raise ValueError(
            '"sqlite:///FILE" or "postgresql://USER:PASSWORD@HOST/DATABASE", where / ? # @ of a password are written as '
            "%2F %3F %23 %40"
        )
    return url


def _token(token: SecretStr) -> SecretStr:
    if token.get_secret_value() and not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("a token as @BotFather gives it, such as 123456789:AA..., or nothing for the sandbox")
    return token


def _bot_api(url: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?/bot", url):
        raise ValueError('an address to which the token is added, such as "https://api.telegram.org/bot"')
    return url


def _webhook_url(url: str, info: ValidationInfo) -> str:
    if info.data.get("mode") == "webhook" and not url.startswith(("https://", "http://")):
        raise ValueError('the address under which Telegram reaches this machine, "https://...", when mode is "webhook"')
    return url.rstrip("/")


def _webhook_secret(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    if info.data.get("mode") == "webhook" and not _SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError('16 to 256 of A-Z a-z 0-9 _ -, when mode is "webhook"')
    return secret


def _leads(leads: tuple[int, ...]) -> tuple[int, ...]:
    if not leads or any(not 0 < lead <= 14 * 24 for lead in leads):
        raise ValueError("one or more numbers of hours from 1 to 336")
    return tuple(sorted(set(leads), reverse=True))


class Part(BaseModel):
    """A section of the settings; a name that nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Telegram(Part):
    token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    base_url: Annotated[str, AfterValidator(_bot_api)] = "https://api.telegram.org/bot"
    base_file_url: Annotated[str, AfterValidator(_bot_api)] = "https://api.telegram.org/file/bot"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: Annotated[str, AfterValidator(_webhook_url), Field(validate_default=True)] = ""
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret), Field(validate_default=True)] = SecretStr("")
    webhook_host: str = "127.0.0.1"
    webhook_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    polling_seconds: Annotated[int, Field(ge=1, le=50)] = 30


class Database(Part):
    url: Annotated[str, AfterValidator(_supported_url)] = "sqlite:///bot.db"
    connections: Annotated[int, Field(ge=2, le=100)] = 10


class County(Part):
    name: Annotated[str, Field(min_length=1, max_length=40)] = "青年县"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    language: Literal["zh_CN", "en"] = "zh_CN"
    admin_chat: Annotated[int, Field(ge=-(2**53), le=2**53)] = 0
    leaderboard: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Sending(Part):
    per_second: Annotated[float, Field(gt=0, le=100_000)] = 28
    per_chat_second: Annotated[float, Field(gt=0, le=100_000)] = 1
    chat_burst: Annotated[int, Field(ge=1, le=100_000)] = 3
    per_group_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 20
    in_flight: Annotated[int, Field(ge=1, le=1_000)] = 256
    attempts: Annotated[int, Field(ge=1, le=20)] = 5


class Council(Part):
    day: Annotated[int, Field(ge=1, le=31)] = 1
    hour: Annotated[int, Field(ge=0, le=23)] = 10
    topics_open_days: Annotated[int, Field(ge=1, le=27)] = 7
    ask_everybody: bool = False


class Reminders(Part):
    task_leads_hours: Annotated[tuple[int, ...], AfterValidator(_leads)] = (24, 2)
    event_lead_hours: Annotated[int, Field(ge=1, le=336)] = 24


class Waiting(Part):
    offer_hours: Annotated[int, Field(ge=1, le=168)] = 12
    offer_minutes_least: Annotated[int, Field(ge=5, le=60)] = 15
    asked_at_once: Annotated[int, Field(ge=1, le=50)] = 5
    asks_a_day: Annotated[int, Field(ge=1, le=20)] = 2


class Activities(Part):
    short_hours: Annotated[int, Field(ge=1, le=336)] = 48
    series_weeks: Annotated[int, Field(ge=1, le=26)] = 5


class Projects(Part):
    claim_days: Annotated[int, Field(ge=2, le=90)] = 7
    confirm_poor_claims: bool = True


class Rotas(Part):
    gap_alarm_days: Annotated[int, Field(ge=1, le=30)] = 3


STAR_PRESETS = {
    "county": (100, 300, 600, 1000, 1500),
    "town": (30, 60, 100, 200, 300),
    "school": (10, 20, 30, 40, 50),
}


def _stars(given: Any) -> Any:
    return STAR_PRESETS.get(given, given) if isinstance(given, str) else given


def _rising(hours: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= len(hours) <= 9 or hours[0] < 1 or any(a >= b for a, b in pairwise(hours)):
        raise ValueError('"county", "town", "school", or one to nine rising numbers of hours')
    return hours


class Hours(Part):
    at_once_hours_a_day: Annotated[int, Field(ge=1, le=24)] = 8
    higher_hours_a_day: Annotated[int, Field(ge=1, le=24)] = 12
    pairs_a_day: Annotated[int, Field(ge=1, le=20)] = 3
    share_percent: Annotated[int, Field(ge=0, le=100)] = 60
    part_percent: Annotated[int, Field(ge=1, le=100)] = 75
    dispute_days: Annotated[int, Field(ge=1, le=30)] = 3
    stars: Annotated[tuple[int, ...], BeforeValidator(_stars), AfterValidator(_rising)] = STAR_PRESETS["county"]
    star_notice_working_days: Annotated[int, Field(ge=1, le=30)] = 5
    certificate_notice_days: Annotated[int, Field(ge=1, le=60)] = 7
    closing_hours: Annotated[int, Field(ge=1, le=720)] = 48
    leader_hours_a_month: Annotated[int, Field(ge=1, le=10_000)] = 100
    hurried_minutes: Annotated[int, Field(ge=1, le=1_440)] = 30
    mostly_c_percent: Annotated[int, Field(ge=1, le=100)] = 50
    records_a_minute: Annotated[int, Field(ge=2, le=1_000)] = 5


class Granting(Part):
    looked_at_days: Annotated[int, Field(ge=1, le=366)] = 30
    pair_days: Annotated[int, Field(ge=1, le=366)] = 90
    much_from: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    much_factor: Annotated[int, Field(ge=1, le=100)] = 3
    same_person_times: Annotated[int, Field(ge=2, le=100)] = 3
    under_percent: Annotated[int, Field(ge=1, le=99)] = 90
    under_times: Annotated[int, Field(ge=1, le=100)] = 3
    night_from_hour: Annotated[int, Field(ge=18, le=23)] = 23
    night_to_hour: Annotated[int, Field(ge=1, le=9)] = 5
    pair_times_each: Annotated[int, Field(ge=1, le=100)] = 2
    generous_activities: Annotated[int, Field(ge=1, le=1_000)] = 3
    generous_factor: Annotated[int, Field(ge=1, le=100)] = 2


class Presence(Part):
    early_minutes: Annotated[int, Field(ge=0, le=240)] = 30
    after_minutes: Annotated[int, Field(ge=0, le=720)] = 60
    live_minutes: Annotated[int, Field(ge=1, le=240)] = 30
    wrong_codes: Annotated[int, Field(ge=1, le=100)] = 5
    wrong_minutes: Annotated[int, Field(ge=1, le=1_440)] = 10
    far_metres: Annotated[int, Field(ge=50, le=20_000)] = 500


class Absences(Part):
    pause_from: Annotated[int, Field(ge=1, le=100)] = 3
    days: Annotated[int, Field(ge=1, le=366)] = 90
    pause_days: Annotated[int, Field(ge=1, le=90)] = 7
    appeal_days: Annotated[int, Field(ge=1, le=30)] = 3


class Minors(Part):
    consent_under: Annotated[int, Field(ge=14, le=18)] = 14
    night_from_hour: Annotated[int, Field(ge=18, le=23)] = 21
    night_to_hour: Annotated[int, Field(ge=4, le=9)] = 7
    child_hours_a_day: Annotated[int, Field(ge=1, le=8)] = 2
    youth_hours_a_day: Annotated[int, Field(ge=1, le=12)] = 4


class Callouts(Part):
    widen_minutes: Annotated[int, Field(ge=1, le=240)] = 5
    mission_hours: Annotated[int, Field(ge=1, le=72)] = 4
    alarm_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    rest_after_hours: Annotated[int, Field(ge=1, le=24)] = 8
    rest_hours: Annotated[int, Field(ge=1, le=72)] = 12


class Settings(BaseSettings):
    """All settings. The environment (`BOT__TELEGRAM__TOKEN`) overrides the file; what neither names has its default."""

    model_config = SettingsConfigDict(
        env_prefix="BOT__", env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=None
    )
    telegram: Telegram = Telegram()
    storage: Database = Database()
    county: County = County()
    sending: Sending = Sending()
    council: Council = Council()
    reminders: Reminders = Reminders()
    waiting: Waiting = Waiting()
    activities: Activities = Activities()
    projects: Projects = Projects()
    rotas: Rotas = Rotas()
    hours: Hours = Hours()
    granting: Granting = Granting()
    presence: Presence = Presence()
    absences: Absences = Absences()
    minors: Minors = Minors()
    callouts: Callouts = Callouts()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(path: Path, **given: Any) -> Settings:
    """Settings from `path` (which may be missing) and the environment. Raises WrongSetting."""

    class Here(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    _check_environment()
    try:
        return Here(**given)
    except ValidationError as error:
        raise WrongSetting("\n".join(_complaint(detail, path) for detail in error.errors())) from None
    except SettingsError as error:
        raise WrongSetting(f"a BOT__... variable can't be read: {error}") from None
    except (OSError, ValueError) as error:
        raise WrongSetting(f"{path} can't be read as a TOML file: {error}") from None


def _check_environment() -> None:
    """A variable of ours that names no section would be passed over in silence. Raises WrongSetting."""
    for name in os.environ:
        section = name.removeprefix("BOT__").partition("__")[0].lower()
        if name.startswith("BOT__") and section not in Settings.model_fields:
            raise WrongSetting(f"{name}: no such setting; config.example.toml lists them all")


def _complaint(detail: Any, path: Path) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{name}: no such setting; config.example.toml lists them all (read from {path} and BOT__... variables)"
    # A whole section given as something else may hold the token.
    hidden = "token" in name or "secret" in name or name == "telegram"
    given = "(hidden)" if hidden else _PASSWORD.sub(r"\1***@", repr(detail["input"]))
    allowed = str(detail.get("ctx", {}).get("error") or detail["msg"]).removeprefix("Input should be ")
    return f"{name}: {given} was given; allowed: {allowed}"


def config_path() -> Path:
    """Where the settings stand: BOT_CONFIG, or config.toml in the folder the bot is started in."""
    return Path(os.environ.get("BOT_CONFIG", "config.toml"))


@dataclass(frozen=True)
class House:
    """What a running bot knows of itself: its settings, and its name on Telegram."""

    settings: Settings
    username: str = ""

    def link(self, payload: str) -> str:
        """A deep link: whoever opens it presses Start and lands there. `payload` has at most 64 of A-Za-z0-9_-."""
        return f"https://t.me/{self.username}?start={payload}"
