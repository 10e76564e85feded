"""What a person does in groups: as a member, as an admin, behind a group's or a channel's name."""

from bot.sandbox import topics
from bot.sandbox.answers import Json
from bot.sandbox.chats import AWAY, GROUP_ADMIN, Chat, InviteLink, Member
from bot.sandbox.membership import MEMBER, ask, change, migrate
from bot.sandbox.methods.messages import quoted
from bot.sandbox.people.seeing import Impossible
from bot.sandbox.people.speaking import Speaking, written
from bot.sandbox.users import ANONYMOUS_ADMIN, CHANNEL_BOT


class Persona(Speaking):
    """A person with everything that one can do. Deeds raise Impossible where Telegram's apps don't offer them."""

    # As a member

    async def joins(self, group: Chat, link: InviteLink | None = None) -> None:
        """Come in, by the group's name or through a link; where it takes an approval, ask for it."""
        if group.member(self.id).status == "kicked":
            raise Impossible(f"{self.user.first_name} is banned from {group.title}")
        if link.by_request if link else group.by_request:
            await self.asks_to_join(group, link)
            return
        if link is not None:
            self._use(link)
        await self._change(group, self.id, MEMBER, link)

    async def leaves(self, group: Chat) -> None:
        await self._change(group, self.id, AWAY)

    async def asks_to_join(self, group: Chat, link: InviteLink | None = None) -> None:
        if group.member(self.id).is_present:
            raise Impossible(f"{self.user.first_name} is in {group.title} already")
        ask(self.world, group, self.id, link)
        await self.settle()

    def _use(self, link: InviteLink) -> None:
        is_over = link.expires_at and link.expires_at < self.world.now()
        if link.is_revoked or is_over or (link.members_max and link.joined >= link.members_max):
            raise Impossible("this link is worth nothing any more")
        link.joined += 1

    # As an admin

    async def approves(self, person: "Persona", group: Chat) -> None:
        self._check_admin(group)
        link = group.requests.pop(person.id)
        change(self.world, group, person.id, MEMBER, by=self.id, link=link, asked=True)
        await self.settle()

    async def declines(self, person: "Persona", group: Chat) -> None:
        self._check_admin(group)
        group.requests.pop(person.id)
        self.world.changed("declined", group, {"user_id": person.id})
        await self.settle()

    async def kicks(self, person: "Persona", group: Chat) -> None:
        """Ban somebody, who can't come back by himself."""
        self._check_admin(group)
        await self._change(group, person.id, Member("kicked"))

    async def unbans(self, person: "Persona", group: Chat) -> None:
        """Let somebody who is banned come back, when he joins again."""
        self._check_admin(group)
        if group.member(person.id).status != "kicked":
            raise Impossible(f"{person.user.first_name} is not banned from {group.title}")
        await self._change(group, person.id, AWAY)

    async def adds_bot(self, group: Chat, *, as_admin: bool = False, payload: str = "") -> None:
        """Take the bot into a group; with a payload as by `t.me/<bot>?startgroup=<payload>`."""
        await self._change(group, self.bot.id, Member("administrator", GROUP_ADMIN) if as_admin else MEMBER)
        if payload:
            await self.says(f"/start@{self.bot.username} {payload}", group)

    async def takes_in(self, group: Chat, *, payload: str = "") -> None:
        """Add the bot as an administrator, as the link on a leader's screen asks for."""
        self._check_admin(group)
        await self.adds_bot(group, as_admin=True, payload=payload)

    async def removes_bot(self, group: Chat) -> None:
        self._check_admin(group)
        if not group.member(self.bot.id).is_present:
            raise Impossible(f"the bot is not in {group.title}")
        await self._change(group, self.bot.id, Member("kicked"))

    async def upgrades(self, group: Chat) -> Chat:
        """Make the group a supergroup; the new one is given back."""
        self._check_admin(group)
        if group.type != "group" or group.migrated_to:
            raise Impossible(f"{group.title} is a supergroup already")
        above = migrate(self.world, group, self.id)
        await self.settle()
        return above

    async def pins(self, message: Json) -> None:
        chat = self._where(message)
        if message["message_id"] in chat.pinned:
            chat.pinned.remove(message["message_id"])
        chat.pinned.append(message["message_id"])
        service = self.world.post(chat, {"pinned_message": quoted(message)}, by=self.user.brief)
        self.world.tell(chat, "message", service)
        await self.settle()

    async def unpins(self, message: Json) -> None:
        chat = self._where(message)
        chat.pinned.remove(message["message_id"])
        self.world.changed("unpinned", chat, {"message_id": message["message_id"]})
        await self.settle()

    async def opens_topic(self, name: str, group: Chat) -> int:
        """Open a topic, and the group's topics with the first one; its number."""
        self._check_admin(group)
        group.is_forum = True
        number = topics.begin(self.world, group, name, by=self.user.brief)
        await self.settle()
        return number

    async def closes_topic(self, number: int, group: Chat) -> None:
        self._check_admin(group)
        topics.close(self.world, group, number, by=self.user.brief)
        await self.settle()

    # Behind another name

    async def says_as_group(self, text: str, group: Chat) -> Json:
        """Write as an anonymous admin: the message bears the group's name."""
        self._check_admin(group)
        return await self._speaks(group, "message", written(text), ANONYMOUS_ADMIN, group)

    async def says_as_channel(self, text: str, group: Chat, channel: Chat) -> Json:
        """Write in a group in the name of one's channel."""
        return await self._speaks(group, "message", written(text), CHANNEL_BOT, channel)

    async def posts(self, text: str, channel: Chat) -> Json:
        """Write into a channel."""
        self._check_admin(channel)
        return await self._speaks(channel, "channel_post", written(text), None, channel)

    async def _speaks(self, chat: Chat, kind: str, content: Json, by: Json | None, name: Chat) -> Json:
        message = self.world.post(chat, content, by=by, sender_chat=name.brief)
        self.world.tell(chat, kind, message)
        await self.settle()
        return message

    async def _change(self, group: Chat, user_id: int, member: Member, link: InviteLink | None = None) -> None:
        change(self.world, group, user_id, member, by=self.id, link=link)
        await self.settle()

    def _check_admin(self, group: Chat) -> None:
        if not group.member(self.id).is_admin:
            raise Impossible(f"{self.user.first_name} is no admin of {group.title}")
