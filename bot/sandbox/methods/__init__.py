"""The Bot API's methods, by their names in small letters: Telegram doesn't mind case."""

from collections.abc import Callable
from functools import partial

from bot.sandbox.methods import media, members, messages, polling, presses, settings
from bot.sandbox.methods.call import Call

Method = Callable[[Call], object]
METHODS: dict[str, Method] = {
    "answercallbackquery": presses.answer_callback_query,
    "approvechatjoinrequest": members.approve_chat_join_request,
    "banchatmember": members.ban_chat_member,
    "close": polling.say_goodbye,
    "copymessage": messages.copy_message,
    "createchatinvitelink": members.create_chat_invite_link,
    "declinechatjoinrequest": members.decline_chat_join_request,
    "deletemessage": messages.delete_message,
    "deletemessages": messages.delete_messages,
    "deletemycommands": settings.delete_my_commands,
    "deletewebhook": polling.delete_webhook,
    "editmessagecaption": messages.edit_message_caption,
    "editmessagereplymarkup": messages.edit_message_reply_markup,
    "editmessagetext": messages.edit_message_text,
    "exportchatinvitelink": members.export_chat_invite_link,
    "getchat": members.get_chat,
    "getchatadministrators": members.get_chat_administrators,
    "getchatmember": members.get_chat_member,
    "getchatmembercount": members.get_chat_member_count,
    "getchatmenubutton": settings.get_chat_menu_button,
    "getfile": media.get_file,
    "getme": settings.get_me,
    "getmycommands": settings.get_my_commands,
    "getmydescription": partial(settings.my_words, what="description"),
    "getmyname": partial(settings.my_words, what="name"),
    "getmyshortdescription": partial(settings.my_words, what="short_description"),
    "getwebhookinfo": polling.get_webhook_info,
    "leavechat": members.leave_chat,
    "logout": polling.say_goodbye,
    "pinchatmessage": messages.pin_chat_message,
    "promotechatmember": members.promote_chat_member,
    "restrictchatmember": members.restrict_chat_member,
    "revokechatinvitelink": members.revoke_chat_invite_link,
    "sendchataction": messages.send_chat_action,
    "senddocument": media.send_document,
    "sendlocation": media.send_location,
    "sendmessage": messages.send_message,
    "sendphoto": media.send_photo,
    "sendpoll": media.send_poll,
    "setchatmembertag": members.set_chat_member_tag,
    "setchatmenubutton": settings.set_chat_menu_button,
    "setchattitle": members.set_chat_title,
    "setmycommands": settings.set_my_commands,
    "setmydescription": partial(settings.set_my_words, what="description"),
    "setmyname": partial(settings.set_my_words, what="name"),
    "setmyshortdescription": partial(settings.set_my_words, what="short_description"),
    "setwebhook": polling.set_webhook,
    "stoppoll": media.stop_poll,
    "unbanchatmember": members.unban_chat_member,
    "unpinallchatmessages": messages.unpin_all_chat_messages,
    "unpinchatmessage": messages.unpin_chat_message,
}
"""All but getUpdates, which alone may take its time."""
