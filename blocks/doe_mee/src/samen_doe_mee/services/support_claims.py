"""Voices that were given with a mail address become those of the account that proves that address: still one voice each."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, UnitOfWork
from samen_doe_mee.models import Voice
from samen_doe_mee.services.counting import add_voices
from samen_doe_mee.services.support import become_account
from samen_doe_mee.services.voice_keys import mail_who

MOST = 1_000


def claim_voices(uow: UnitOfWork, account_id: uuid.UUID) -> int:
    """An account proved its address: what was confirmed with it before is its own. How many voices became those of the account.

    Where the account supports that idea already, the voice goes. What nobody confirmed stays as it is: somebody else may
    have typed the address. Ideas in order of id, as everybody who locks several does.
    """
    addresses = ACCOUNT_ADDRESSES.c
    email = uow.session.execute(select(addresses.email).where(addresses.id == account_id)).scalar_one_or_none()
    if not email:
        return 0
    who = mail_who(uow, email)
    mine = select(Voice).where(Voice.who == who, Voice.confirmed_at.is_not(None)).order_by(Voice.idea_id).limit(MOST)
    became = 0
    for voice in uow.session.execute(mine).scalars().all():
        idea_id = voice.idea_id
        kept = become_account(uow, voice, account_id)
        add_voices(uow, idea_id, int(kept), -1)
        became += kept
    return became
