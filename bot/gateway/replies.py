"""From what a handler answers to what is told: whoever spoke is answered here, and privately."""

from dataclasses import replace
from typing import Any

from bot import outbox
from bot.cards import HOME, TOAST_CHARACTERS_MAX, Button, Card, Toast, card, method_of, rendered
from bot.domain import people
from bot.locales import BLANK, Reader, Said, say
from bot.outbox import Lane, Sending
from bot.refusal import Refused
from bot.routing import Heard, payload
from bot.storage import Transaction

SORRY = say("Something went wrong on our side. Nothing was saved; the admins have been told. Please try again later.")


def reader(tx: Transaction, heard: Heard) -> Reader:
    language = heard.person.language if heard.person else heard.language
    return Reader(language, tx.clock.zone, tx.now)


async def reply(tx: Transaction, heard: Heard, answer: Card | Toast | None) -> None:
    """Put the answer to one update into the outbox."""
    # Whatever a press became on its way, the button goes on spinning until it is answered.
    if heard.press_id:
        await _to_press(tx, heard, answer)
    elif isinstance(answer, Toast):
        await _screen(tx, heard, card(answer.text))
    elif answer is not None:
        await _screen(tx, heard, _told(answer))


def _told(answer: Card) -> Card:
    """For whoever typed there is no press to say the short word at: it stands above the screen."""
    if answer.toast is None or answer.toast in answer.lines:
        return answer
    return replace(answer, lines=(answer.toast, BLANK, *answer.lines))


async def refuse(tx: Transaction, heard: Heard, refused: Refused) -> None:
    """Say no: at a press as an alert, and with its ways out as a screen; else as a message."""
    ways_out = tuple((Button(way.label, way.data),) for way in refused.ways_out)
    fits = len(reader(tx, heard).plain(refused.reason)) <= TOAST_CHARACTERS_MAX
    if heard.kind == "event":
        return
    if heard.press_id and fits and not (ways_out and (heard.chat.private or refused.asks)):
        await reply(tx, heard, Toast(refused.reason, alert=True))
    else:
        await reply(tx, heard, card(refused.reason, rows=ways_out))


async def regret(tx: Transaction, line: int) -> None:
    """Say sorry for an update of which nothing but its line may be looked at; a group's hears nothing."""
    person = await people.by_telegram(tx, line)
    if person:
        await people.tell(tx, person, card(SORRY))


async def tell_set_aside(tx: Transaction, update_id: int, error: str | Said) -> None:
    """Tell the admins, once, that an update could not be handled."""
    words = say("Update {update} could not be handled and was set aside: {error}", update=update_id, error=error)
    await people.tell_admins(tx, card(words), key=f"broken:{tx.bot}:{update_id}")


async def _to_press(tx: Transaction, heard: Heard, answer: Card | Toast | None) -> None:
    toast = answer if isinstance(answer, Toast) else Toast(answer.toast) if answer and answer.toast else None
    params: dict[str, Any] = {"callback_query_id": heard.press_id}
    if toast:
        params["text"] = reader(tx, heard).plain(toast.text)[:TOAST_CHARACTERS_MAX]
        params["show_alert"] = toast.alert
    elif isinstance(answer, Card) and not heard.chat.private:
        params["text"] = reader(tx, heard).plain(say("I have answered in our private chat."))
    await outbox.put(tx, Sending("answerCallbackQuery", params, lane=Lane.ANSWER))
    if isinstance(answer, Card):
        await _screen(tx, heard, answer)


async def open_private_chat(tx: Transaction, heard: Heard) -> None:
    """Answer a stranger's press in a group with the link that leads here: Start, a name, and he is where he pressed."""
    try:
        where = payload(":".join((heard.name, *heard.args)))
    except ValueError:
        # No button of ours carries such data.
        where = payload(HOME)
    params = {"callback_query_id": heard.press_id, "url": heard.house.link(where)}
    await outbox.put(tx, Sending("answerCallbackQuery", params, lane=Lane.ANSWER))


async def _screen(tx: Transaction, heard: Heard, screen: Card) -> None:
    params = rendered(screen, reader(tx, heard), private=heard.chat.private or not heard.sender.faceless)
    edit = heard.press_id and heard.message_id and heard.chat.private and not screen.fresh and not screen.file
    if edit:
        edited = {**params, "message_id": heard.message_id}
        sending = Sending("editMessageText", edited, chat_id=heard.chat.id, remember=screen.remember or None)
        await outbox.put(tx, sending)
        return
    # Whoever speaks in a group is answered privately; the private chat's id is the person's own. Whoever hides behind
    # the group's or a channel's name has no private chat, and would never read an answer there.
    chat_id = heard.chat.id if heard.chat.private or heard.sender.faceless else heard.sender.id
    sending = Sending(method_of(screen), params, chat_id=chat_id, file=screen.file, remember=screen.remember or None)
    await outbox.put(tx, sending)
