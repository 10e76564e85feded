"""A right that one process has at a time, as a lock on a file: beside an embedded database there is nobody to ask."""

import fcntl
import os

from bot.storage import Hold, StorageUnavailable


class FileHold(Hold):
    """A lock on a file beside the database: the kernel lets go of it when the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def taken(cls, path: str) -> "FileHold | None":
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise StorageUnavailable(f"{path} can't be made: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    async def still_ours(self) -> bool:
        return True

    async def let_go(self) -> None:
        os.close(self._descriptor)
