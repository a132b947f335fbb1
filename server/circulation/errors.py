"""What can go wrong with circulation."""

from __future__ import annotations

from server.kit.errors import DomainError


class StubHasNoContent(DomainError):
    """A confidential item has a serial number and times here, nothing else: its content stays in its channel."""

    code, status = "stub_has_no_content", 422
    zh = "机要件在本系统只登记编号和时间，不得录入标题、内容和批示。内容见机要渠道。"


class SerialNotPlain(DomainError):
    """A serial number is short and holds at least one digit; it must not tell what the item is about."""

    code, status = "serial_not_plain", 422
    zh = "机要件编号应简短并含数字（如“机〔2026〕12号”），不得透露内容。"


class SerialTaken(DomainError):
    """This serial number is registered already."""

    code, status = "serial_taken", 409
    zh = "该机要件编号已登记。"


class ClassOfAnotherKind(DomainError):
    """This class belongs to another kind of document."""

    code, status = "class_of_another_kind", 422
    zh = "紧急程度与文件种类不符，请重新选择。"


class NotALeader(DomainError):
    """Documents are put before active leaders of this organisation only."""

    code, status = "not_a_leader", 422
    zh = "只能送本级在职领导阅批。"


class NotYourDesk(DomainError):
    """This does not lie on your desk."""

    code, status = "not_your_desk", 403
    zh = "该件不在您处，不能代为阅批。"


class NoDeskLeft(DomainError):
    """It has been before every leader on its list; take it back, or name another leader."""

    code, status = "no_desk_left", 409
    zh = "已送完名单上的所有领导。请收回，或另加送阅领导。"


class WayNotAllowed(DomainError):
    """A confidential item goes by the confidential channel or by courier only."""

    code, status = "way_not_allowed", 422
    zh = "机要件只能经机要渠道或派人直送。"


class TimeOutOfOrder(DomainError):
    """The time given lies in the future or before what happened last; correct it."""

    code, status = "time_out_of_order", 422
    zh = "填写的时间晚于现在，或早于上一步发生的时间，请更正。"
