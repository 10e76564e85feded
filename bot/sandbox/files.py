"""Files that were sent, by their ids."""

import hashlib
import struct
from dataclasses import dataclass

from bot.sandbox.answers import Json, Upload, bad_request

DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    content: bytes

    @property
    def brief(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    @property
    def document(self) -> Json:
        return self.brief | {"file_name": self.name, "mime_type": self.mime}

    @property
    def photo(self) -> list[Json]:
        width, height = picture_size(self.content) or (90, 90)
        return [self.brief | {"width": width, "height": height}]


class Files:
    def __init__(self) -> None:
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}

    def keep(self, upload: Upload, folder: str) -> File:
        """Keep a file; its path is under `folder`, such as "documents", as Telegram has it."""
        number = len(self._by_id) + 1
        unique = hashlib.sha256(upload.content).hexdigest()[:15]
        _, dot, ending = upload.name.rpartition(".")
        ending = ending if dot and ending.isascii() and ending.isalnum() else "dat"
        file_id = f"Bq{number:06d}-{unique}"
        kept = File(file_id, unique, f"{folder}/file_{number}.{ending}", upload.name, upload.mime, upload.content)
        self._by_id[kept.id] = self._by_path[kept.path] = kept
        return kept

    def by_id(self, file_id: str) -> File | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> File | None:
        return self._by_path.get(path)

    def offered(self, file_id: str) -> Json:
        """What getFile tells. Raises a 400 for an unknown id and for what is too large for a bot to fetch."""
        kept = self._by_id.get(file_id)
        if kept is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(kept.content) > DOWNLOAD_BYTES_MAX:
            raise bad_request("file is too big")
        return kept.brief | {"file_path": kept.path}


def picture_type(content: bytes) -> str:
    """The media type of a picture that browsers show; empty for anything else, whatever it calls itself."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in PICTURES.items() if content.startswith(sign)), "")


PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, GIF or WebP; None for what is no picture."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:3] == b"\xff\xd8\xff":
        return _jpeg_size(content) or (90, 90)
    if content[:4] in (b"GIF8", b"RIFF"):
        return 90, 90
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None
