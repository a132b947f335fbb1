"""What is recorded about notices and subscriptions: that somebody was told, never what."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Change, Event, Untold


class _ToOne(Event):
    """About one person's inbox, and announced to that person only."""

    SUBJECT: ClassVar[str] = "notice"

    person_id: UUID

    def changes(self) -> tuple[Change, ...]:
        """The person's own feed."""
        return (Change(self.SUBJECT, self.subject_id, person_id=self.person_id),)


class NoticeGiven(_ToOne):
    """A person was given a notice; ``cause_id`` is the entry that it follows from."""

    KIND: ClassVar[str] = "notice.given"

    cause_id: UUID


class NoticeRead(_ToOne):
    """The person opened it."""

    KIND: ClassVar[str] = "notice.read"


class _Subscription(Untold):
    SUBJECT: ClassVar[str] = "push_subscription"

    person_id: UUID


class Subscribed(_Subscription):
    """A browser asked for notices."""

    KIND: ClassVar[str] = "push.subscribed"


class Unsubscribed(_Subscription):
    """Its owner wants no more, or somebody else uses the browser now."""

    KIND: ClassVar[str] = "push.unsubscribed"


class SubscriptionLapsed(_Subscription):
    """The push service says that the browser is gone."""

    KIND: ClassVar[str] = "push.lapsed"

    status: int
