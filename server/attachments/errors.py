"""What can go wrong with attachments."""

from __future__ import annotations

from server.kit.errors import DomainError


class AttachmentEmpty(DomainError):
    """The file is empty; choose it again."""

    code, status = "attachment_empty", 422
    zh = "文件是空的，请重新选择。"


class AttachmentTooLarge(DomainError):
    """The file is larger than an attachment may be; send a smaller one, or divide it."""

    code, status = "attachment_too_large", 413
    zh = "文件超过附件的大小上限，请压缩或拆分后再上传。"


class AttachmentNameMissing(DomainError):
    """Give the file a name in the header X-File-Name, percent-encoded UTF-8, at most 200 characters."""

    code, status = "attachment_name_missing", 422
    zh = "缺少文件名，或文件名过长（不超过200字）。"


class AttachmentTypeRefused(DomainError):
    """Files of this kind are not taken. Take PDF, OFD, Office or WPS documents, pictures, or plain text."""

    code, status = "attachment_type_refused", 415
    zh = "不支持这种文件。请上传 PDF、OFD、Office/WPS 文档、图片或纯文本。"


class ForeignAttachment(DomainError):
    """There is no such file handed in by you; hand it in first."""

    code, status = "foreign_attachment", 422
    zh = "没有您上传的这个附件，请先上传。"
