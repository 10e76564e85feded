"""Text as a call gives it: marked up or with entities, within Telegram's length."""

from bot.sandbox import html
from bot.sandbox.answers import Json, bad_request
from bot.sandbox.entities import found, merged, trimmed, units
from bot.sandbox.params import Params

TEXT_UNITS_MAX = 4096
CAPTION_UNITS_MAX = 1024
ENTITIES_MAX = 100


def message_text(params: Params) -> Json:
    """`text` and `entities` of a message. Raises a 400 when it is empty, too long or wrongly marked up."""
    text, entities = _read(params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_UNITS_MAX:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption(params: Params) -> Json:
    """`caption` and `caption_entities`; nothing when there is no caption."""
    text, entities = _read(params, "caption", "caption_entities")
    if units(text) > CAPTION_UNITS_MAX:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _read(params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    source = params.text(name)
    mode = params.text("parse_mode").lower()
    if not mode:
        given = params.list(entities_name) or []
        text, entities = source, [entity for entity in given if _is_inside(entity, source)]
    elif mode == "html":
        text, entities = html.parse(source)
    else:
        # The two Markdowns are not modelled, for the bot writes HTML alone.
        raise bad_request("unsupported parse_mode")
    text, entities = trimmed(text, entities)
    return text, merged(entities, found(text))[:ENTITIES_MAX]


def _is_inside(entity: Json, text: str) -> bool:
    try:
        start, length = int(entity["offset"]), int(entity["length"])
    except (KeyError, TypeError, ValueError):
        raise bad_request("can't parse MessageEntity") from None
    return start >= 0 and length > 0 and start + length <= units(text)
