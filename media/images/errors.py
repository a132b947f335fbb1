"""Why a file cannot be shown. The original is kept in every case; only its copies are not made."""

from typing import Literal

Reason = Literal["empty", "not_media", "type_refused", "truncated", "broken", "too_many_pixels"]


class Unreadable(Exception):
    """The file is not a picture or recording that can be read; `code` is stable, `detail` is for the log.

    empty            no bytes at all
    not_media        the bytes are not those of any picture or recording, whatever the file is called
    type_refused     a picture, but of a type not taken in evidence (GIF, TIFF, AVIF, …)
    truncated        the file ends before the picture does
    broken           the file contradicts itself
    too_many_pixels  decoding it would take more memory than is allowed
    """

    def __init__(self, code: Reason, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code: Reason = code
        self.detail = detail
