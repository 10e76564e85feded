"""Codes of six digits that change every half minute, and the secrets they are computed from."""

import hashlib
import hmac
import secrets

from bot.storage import Transaction

WINDOW_SECONDS = 30
DIGITS = 6
# This half minute's and the last one's: who read it in the last second can still send it.
ACCEPTED_BACK = 1
# How far back an old code is recognised, so that it can be said that it is old.
RECOGNISED_BACK = 20


def step_at(now: int) -> int:
    """Which half minute an instant (Unix seconds) is in."""
    return now // WINDOW_SECONDS


def ends_at(step: int) -> int:
    """Until when the code of this half minute is accepted."""
    return (step + 1 + ACCEPTED_BACK) * WINDOW_SECONDS


def code_at(secret: str, subject: str, step: int) -> str:
    """The code of one half minute: HMAC-SHA256 over subject and half minute, cut to six digits."""
    digest = hmac.new(bytes.fromhex(secret), f"{subject}:{step}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, subject: str, code: str, now: int, *, back: int = ACCEPTED_BACK) -> int | None:
    """The half minute whose code this is, if that is this one or one of `back` before; None for any other code."""
    for step in range(step_at(now), step_at(now) - back - 1, -1):
        if hmac.compare_digest(code_at(secret, subject, step), code):
            return step
    return None


async def secret_of(tx: Transaction, subject: str) -> str | None:
    """The secret of a subject such as `activity:12`, if it has one yet."""
    found: str | None = await tx.value("SELECT secret FROM secrets WHERE subject = :subject", subject=subject)
    return found


async def made_secret(tx: Transaction, subject: str) -> str:
    """The secret of a subject; it is made with the first question."""
    await tx.run(
        "INSERT INTO secrets (subject, secret, made_at) VALUES (:subject, :secret, :now) ON CONFLICT DO NOTHING",
        subject=subject,
        secret=secrets.token_hex(32),
        now=tx.now,
    )
    secret = await secret_of(tx, subject)
    assert secret is not None, "it was there, or was put there just now"
    return secret
