"""What can go wrong with cases."""

from __future__ import annotations

from server.kit.errors import DomainError


class AnotherItem(DomainError):
    """A case cites evidence of its own item only."""

    code, status = "another_item", 422
    zh = "只能引用同一督查事项的取证。"


class CaptureRejected(DomainError):
    """This evidence was rejected in review and cannot be cited."""

    code, status = "capture_rejected", 409
    zh = "该取证审核未通过，不能引用。"


class CaptureDiscarded(DomainError):
    """The inspector declared this evidence void; it cannot be cited."""

    code, status = "capture_discarded", 409
    zh = "该取证已由取证人作废，不能引用。"


class FindingNotEstablished(DomainError):
    """This finding was held not established; no case can rest on it."""

    code, status = "finding_not_established", 409
    zh = "该问题已认定不成立，不能据此起草。"


class FactsMissing(DomainError):
    """State the facts before you propose."""

    code, status = "facts_missing", 422
    zh = "提出建议前须写明事实。"


class EvidenceNotAccepted(DomainError):
    """A proposal cites at least one piece of evidence, and only accepted ones."""

    code, status = "evidence_not_accepted", 409
    zh = "提出建议须至少引用一份取证，且所引取证均须审核通过。"


class ReceiptOutstanding(DomainError):
    """Some of the pictures cited have not arrived whole; wait until they have."""

    code, status = "receipt_outstanding", 409
    zh = "所引取证的原件尚未全部收到，请待收齐后再提出。"
