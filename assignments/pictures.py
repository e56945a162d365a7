"""A photograph made anew: small, upright, and without anything that the phone wrote beside the picture."""

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE, QUALITY = 1280, 80
MOST_PIXELS = 60_000_000
MOST_BYTES = 12_000_000
FORMATS = ["JPEG", "PNG", "WEBP"]


class PictureBroken(ValueError):
    """Not a picture that can be read, or one that is too large."""


class Picture(NamedTuple):
    content: bytes
    width: int
    height: int


def made_anew(content: bytes) -> Picture:
    """A JPEG of at most 1280 pixels a side. Place, time, camera, thumbnail and comments stay behind."""
    if len(content) > MOST_BYTES:
        raise PictureBroken("too many bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise PictureBroken("too many pixels")
                upright = ImageOps.exif_transpose(found).convert("RGB")
    except PictureBroken:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Warning,
        Image.DecompressionBombError,
    ) as broken:
        raise PictureBroken(str(broken)) from broken
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A picture of its own, so that no word of the old one is carried over.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    file = io.BytesIO()
    bare.save(file, "JPEG", quality=QUALITY, optimize=True)
    return Picture(file.getvalue(), *bare.size)
