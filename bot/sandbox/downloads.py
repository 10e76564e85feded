"""Files on their way to a bot."""

from bot.sandbox.answers import Answer, Refusal
from bot.sandbox.world import World


def download(world: World, token: str, path: str) -> Answer:
    """A file's bytes under the path that getFile gave, or a 404."""
    kept = world.files.by_path(path)
    if token not in world.bots_by_token or kept is None:
        return Refusal(404, "Not Found").answer
    return Answer(200, kept.content)
