"""What a picture says and how it is shown: facts, thumbnails, previews and watermarked copies.

For the worker, not for the web process: every function blocks while it decodes. Originals are only ever read.
"""

from media.images.copies import Copies, Copy, draw_copies, preview, thumbnail, watermark
from media.images.errors import Unreadable
from media.images.facts import GpsFact, ImageFacts, VideoFacts
from media.images.opening import Media, inspect
from media.images.watermark import Caption

__all__ = [
    "Caption",
    "Copies",
    "Copy",
    "GpsFact",
    "ImageFacts",
    "Media",
    "Unreadable",
    "VideoFacts",
    "draw_copies",
    "inspect",
    "preview",
    "thumbnail",
    "watermark",
]
