"""A real SMTP server on loopback that keeps what it receives, for tests of mail."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail as it came over the wire: the envelope, and the parsed message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject line, decoded."""
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The plain text part; empty when there is none."""
        part = self.message.get_body(preferencelist=("plain",))
        return cast(EmailMessage, part).get_content() if part else ""

    @property
    def html(self) -> str:
        """The HTML part; empty when there is none."""
        part = self.message.get_body(preferencelist=("html",))
        return cast(EmailMessage, part).get_content() if part else ""


@dataclass  # no slots: aiosmtpd reads all members of its handler, and Python 3.11.2 fails on the weak reference slot
class MailSink:
    """The running sink: where it listens and what it received, in order of arrival.

    Set ``refusal`` to an SMTP reply such as ``"451 try again later"`` to have mail refused with it instead of kept.
    """

    host: str
    port: int = 0
    messages: list[ReceivedMail] = field(default_factory=list)
    refusal: str | None = None

    def clear(self) -> None:
        """Forget what was received, and refuse nothing any more."""
        self.messages.clear()
        self.refusal = None

    def wait_for(self, count: int, seconds: float = 10) -> list[ReceivedMail]:
        """Wait until at least ``count`` mails are in, for senders in other processes; the mails. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.messages)} of {count} mails came in {seconds} s")
            time.sleep(0.02)
        return list(self.messages)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 aiosmtpd's name
        """Keep a mail; called by aiosmtpd when one is complete."""
        if self.refusal is not None:
            return self.refusal
        content = cast(bytes, envelope.content)
        message = message_from_bytes(content, policy=policy.default)
        self.messages.append(ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 OK"


@contextmanager
def running_mail_sink() -> Iterator[MailSink]:
    """Start a sink on a free loopback port; stop it at the end.

    It has a thread and event loop of its own, since Playwright keeps one running in the thread of the tests.
    """
    sink = MailSink(host="127.0.0.1")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="mail-sink", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_listen(sink), loop).result(timeout=10)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _listen(sink: MailSink) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(sink, hostname="localhost", enable_SMTPUTF8=True, loop=loop), sink.host, 0)


async def _stop(server: asyncio.Server) -> None:
    """Close the server and end the sessions that clients left open."""
    server.close()
    sessions = asyncio.all_tasks() - {asyncio.current_task()}
    for task in sessions:
        task.cancel()
    await asyncio.gather(*sessions, return_exceptions=True)
