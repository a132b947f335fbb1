"""What a picture or recording says of itself. None of it is proof: the signed statement is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GpsFact:
    """Position written by the camera: degrees in WGS 84, metres above sea level."""

    latitude: float
    longitude: float
    altitude_m: float | None


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture that decodes from its first to its last line.

    `width` and `height` are as it is shown, after `orientation` (the EXIF value, 1 to 8) is applied.
    `taken_at` is the camera's clock, with an offset only if the camera wrote one.
    """

    media_type: str
    width: int
    height: int
    orientation: int
    taken_at: datetime | None
    make: str | None
    model: str | None
    gps: GpsFact | None


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A recording whose boxes are all there. Sizes in pixels, 0 when it has no picture;
    `duration_ms` may be 0.
    """

    media_type: str
    width: int
    height: int
    duration_ms: int
