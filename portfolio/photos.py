"""Photos as files: read with care, turned upright, made smaller, without the camera's data, and compared by their look.

The look is a difference hash: whether each of 8 × 8 patches is brighter than its right neighbour. It survives another
size, compression or brightness of the same picture.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
KEPT_SIDE = 2000
THUMBNAIL_SIDE = 320
READ_FORMATS = ("JPEG", "PNG", "WEBP")
NEAR = 6  # of 64 bits that may differ
# A picture of one colour has no look: nearly all bits are alike, and so are those of every other such picture.
FEWEST_BITS, MOST_BITS = 5, 59


class NotAPhoto(Exception):
    """The upload can't be kept; the message says why, and what would do."""


@dataclass(frozen=True)
class Prepared:
    """`image` and `thumbnail` are JPEG files; `digest` is the SHA-256 of the upload, `look` 16 hexadecimal digits."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    digest: str
    look: str


def prepare(upload):
    """`Prepared` from an uploaded file; raises NotAPhoto. Its own name and type are not believed."""
    if upload.size > LARGEST_FILE:
        raise NotAPhoto("照片超过 10 MB。请在手机上选小一些的尺寸，或压缩后再传。")
    content = upload.read()
    picture = _opened(content)
    try:
        # A JPEG is read at about the size that is kept, which spares most of the memory.
        picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
        picture = ImageOps.exif_transpose(picture)
        picture = _on_white(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPhoto("照片文件不完整，无法打开。请重新拍一张或重选。") from error
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    digest = hashlib.sha256(content).hexdigest()
    return Prepared(_jpeg(picture, 85), _jpeg(small, 80), *picture.size, digest, look_of(picture))


def _opened(content):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=READ_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAPhoto("这不是能识别的照片。请用 JPG、PNG 或 WEBP 格式。") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()
    return picture


def _too_large():
    return NotAPhoto("照片超过 4000 万像素。请在手机上选小一些的尺寸再拍。")


def _on_white(picture):
    """RGB; what is transparent becomes white."""
    if picture.mode in {"RGB", "L"}:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _jpeg(picture, quality):
    """Made from the pixels alone: nothing of the upload's own data is written."""
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)
    file = io.BytesIO()
    plain.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def look_of(picture):
    small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    grey = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column] > grey[row * 9 + column + 1])
    return f"{bits:016x}"


def used_in(others, prepared):
    """The key of the first of `others`, a queryset of photos, that is this picture or nearly so; None without one."""
    same = others.filter(digest=prepared.digest).values_list("pk", flat=True).first()
    return same or alike(prepared.look, others.values_list("pk", "look").iterator())


def alike(look, others):
    """The first key of [(key, look)] whose picture looks nearly the same; None when there is none."""
    bits = int(look, 16)
    if not FEWEST_BITS <= bits.bit_count() <= MOST_BITS:
        return None
    return next((key for key, other in others if (bits ^ int(other, 16)).bit_count() <= NEAR), None)
