"""Methods that send and give files, places and polls."""

from bot.sandbox import keyboards
from bot.sandbox.answers import Json, Refusal, Upload, bad_request
from bot.sandbox.files import File, picture_size
from bot.sandbox.methods.call import Call, joined_chat, message_of, open_chat
from bot.sandbox.methods.messages import is_said_by, send
from bot.sandbox.methods.texts import caption
from bot.sandbox.polls import PollState, option_texts

UPLOAD_BYTES_MAX = 50 * 1024 * 1024
PHOTO_BYTES_MAX = 10 * 1024 * 1024


def send_document(call: Call) -> Json:
    content = caption(call.params)
    chat = open_chat(call)
    return send(call, chat, {"document": _file(call, "document", "documents").document} | content)


def send_photo(call: Call) -> Json:
    content = caption(call.params)
    chat = open_chat(call)
    picture = _file(call, "photo", "photos")
    if len(picture.content) > PHOTO_BYTES_MAX:
        raise bad_request("file is too big for a photo")
    if picture_size(picture.content) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return send(call, chat, {"photo": picture.photo} | content)


def _file(call: Call, name: str, folder: str) -> File:
    """The file that a call uploads, under the parameter's name or attached, or names by its id."""
    given = call.params.text(name)
    upload = call.params.files.get(given.removeprefix("attach://") if given else name)
    if upload is not None:
        return call.world.files.keep(_checked(upload), folder)
    if not given:
        raise bad_request(f"there is no {name} in the request")
    known = call.world.files.by_id(given)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return known


def _checked(upload: Upload) -> Upload:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_BYTES_MAX:
        raise Refusal(413, "Request Entity Too Large")
    return upload


def get_file(call: Call) -> Json:
    return call.world.files.offered(call.params.text("file_id"))


def send_location(call: Call) -> Json:
    latitude, longitude = call.params.real("latitude"), call.params.real("longitude")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("location is invalid")
    return send(call, open_chat(call), {"location": {"latitude": latitude, "longitude": longitude}})


def send_poll(call: Call) -> Json:
    poll = _new_poll(call)
    chat = open_chat(call)
    message = send(call, chat, {"poll": poll.brief})
    poll.chat_id, poll.message_id = chat.id, message["message_id"]
    call.world.polls[poll.id] = poll
    return message


def _new_poll(call: Call) -> PollState:
    params = call.params
    question = params.text("question").strip()
    if not question:
        raise bad_request("poll question must be non-empty")
    if len(question) > 300:
        raise bad_request("poll question length must not exceed 300")
    is_quiz = params.text("type") == "quiz"
    poll = PollState(call.world.new_id(), call.bot.id, 0, 0, question, option_texts(params.list("options")))
    poll.kind = "quiz" if is_quiz else "regular"
    poll.is_anonymous = params.flag("is_anonymous", otherwise=True)
    poll.is_multiple = params.flag("allows_multiple_answers")
    poll.can_revote = params.flag("allows_revoting", otherwise=not is_quiz)
    poll.hides_results = params.flag("hide_results_until_closes")
    poll.is_closed = params.flag("is_closed")
    poll.explanation = params.text("explanation")
    poll.correct = [int(number) for number in params.list("correct_option_ids") or []]
    if is_quiz and not poll.correct:
        raise bad_request("wrong correct option ID specified")
    poll.closes_at = _closing(call)
    return poll


def _closing(call: Call) -> int:
    now = int(call.world.now())
    seconds = call.params.number("open_period") or max(0, call.params.number("close_date") - now)
    return now + seconds if seconds else 0


def stop_poll(call: Call) -> Json:
    chat = joined_chat(call)
    message = message_of(call, chat, "message with poll to stop not found")
    if "poll" not in message:
        raise bad_request("message with poll to stop not found")
    if not is_said_by(call.bot, message):
        raise bad_request("poll can't be stopped")
    poll = call.world.polls[message["poll"]["id"]]
    close_if_due(call.world.now(), poll)
    if poll.is_closed:
        raise bad_request("poll has already been closed")
    poll.is_closed = True
    edited = {name: value for name, value in message.items() if name != "reply_markup"} | {"poll": poll.brief}
    if shown := keyboards.inline(call.params.object("reply_markup")):
        edited["reply_markup"] = shown
    call.world.replace(chat, edited, is_edit=False)
    return poll.brief


def close_if_due(now: float, poll: PollState) -> None:
    if poll.closes_at and poll.closes_at <= now:
        poll.is_closed = True
