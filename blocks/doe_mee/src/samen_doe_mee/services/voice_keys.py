"""By what a voice is known: hashes of account, address and device, and the key in the links of mails, made anew for each mail."""

from __future__ import annotations

import uuid

from samen_core.api import Platform, UnitOfWork, clean_code, keyed_hash

_LENGTH = 40


def account_who(uow: UnitOfWork, account_id: uuid.UUID) -> str:
    """The voice of an account."""
    return _who(uow, f"account {account_id}")


def mail_who(uow: UnitOfWork, email: str) -> str:
    """The voice of a mail address."""
    return _who(uow, f"mail {email.strip().lower()}")


def device_who(uow: UnitOfWork, code: str) -> str:
    """The voice of who keeps a receipt code, in a browser or on paper; "" for a code that cannot exist."""
    cleaned = clean_code(code[:40])
    return _who(uow, f"device {cleaned}") if cleaned else ""


def known_as(uow: UnitOfWork, device: str = "") -> list[str]:
    """The hashes by which the actor is known here: their account, and the code that the browser keeps."""
    found = [account_who(uow, uow.actor.account_id)] if uow.actor.account_id is not None else []
    if device and (who := device_who(uow, device)):
        found.append(who)
    return found


def voice_key(platform: Platform, voice_id: uuid.UUID) -> str:
    """The key in the links of the mails to who gave a voice: 160 bits that only this installation can make."""
    return keyed_hash(platform, "doe_mee.voice_link", voice_id.hex)[:_LENGTH]


def key_hash(platform: Platform, key: str) -> str:
    """What is stored of that key (``Voice.code_hash``)."""
    return keyed_hash(platform, "doe_mee.voice_key", key)


def _who(uow: UnitOfWork, who: str) -> str:
    return keyed_hash(uow.platform, "doe_mee.voice", who)
