"""Photos as files: what is refused, what is kept of them, and which look the same."""

import io
from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageEnhance

from portfolio import photos
from tests import factories


def upload(content, name="x.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def jpeg(picture, **options):
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


def opened(content):
    return Image.open(io.BytesIO(content))


def test_photo_is_kept_without_the_cameras_data_and_upright():
    picture = factories.picture(width=400, height=300)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "某手机"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (36.0, 30.0, 0.0)

    prepared = photos.prepare(upload(jpeg(picture, exif=exif.tobytes())))

    for content in (prepared.image, prepared.thumbnail):
        assert dict(opened(content).getexif()) == {}
        assert b"Exif" not in content
    assert (prepared.width, prepared.height) == opened(prepared.image).size == (300, 400)


def test_large_photo_is_made_smaller():
    prepared = photos.prepare(upload(jpeg(factories.picture(width=4000, height=1000))))

    assert (prepared.width, prepared.height) == (2000, 500)
    assert opened(prepared.thumbnail).size == (320, 80)


def test_transparent_picture_lies_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")

    prepared = photos.prepare(upload(file.getvalue()))

    assert opened(prepared.image).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00",
        b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="),
    ],
    ids=["empty", "html", "svg", "exe", "gif"],
)
def test_what_is_no_photo_is_refused_whatever_its_name(content):
    with pytest.raises(photos.NotAPhoto, match="这不是能识别的照片"):
        photos.prepare(upload(content))


def test_half_a_photo_is_refused():
    content = jpeg(factories.picture(width=400, height=300))

    with pytest.raises(photos.NotAPhoto, match="照片文件不完整"):
        photos.prepare(upload(content[: len(content) // 2]))


def test_script_hidden_behind_a_photo_is_not_kept():
    prepared = photos.prepare(upload(jpeg(factories.picture()) + b"<script>alert(1)</script>"))

    assert b"script" not in prepared.image


def bomb(width, height):
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def test_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    content = bomb(8000, 5001)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("was unpacked"))

    with pytest.raises(photos.NotAPhoto, match="4000 万像素"):
        photos.prepare(upload(content))


def test_picture_of_forty_million_pixels_is_kept():
    assert photos.prepare(upload(bomb(8000, 5000))).width == 2000


def test_file_above_ten_megabytes_is_refused_unread():
    file = upload(b"")
    file.size = photos.LARGEST_FILE + 1

    with pytest.raises(photos.NotAPhoto, match="10 MB"):
        photos.prepare(file)


def test_same_view_smaller_paler_and_packed_harder_still_looks_alike():
    picture = factories.picture(width=800, height=600, seed=1)
    again = ImageEnhance.Brightness(picture.resize((400, 300))).enhance(1.1)
    again = opened(jpeg(again, quality=40))

    assert photos.alike(photos.look_of(again), [("first", photos.look_of(picture))]) == "first"


def test_two_views_do_not_look_alike():
    one, other = (photos.look_of(factories.picture(seed=seed)) for seed in (1, 2))

    assert photos.alike(one, [("other", other)]) is None


def look(bits):
    return f"{bits:016x}"


def test_looks_may_differ_in_six_bits_and_not_in_seven():
    base = 0x0F0F0F0F0F0F0F0F

    assert photos.alike(look(base), [("six", look(base ^ 0b111111))]) == "six"
    assert photos.alike(look(base), [("seven", look(base ^ 0b1111111))]) is None


def test_picture_of_one_colour_has_no_look():
    plain = photos.look_of(Image.new("RGB", (100, 100), "grey"))

    assert photos.alike(plain, [("other", plain)]) is None
