"""Which typefaces the official layout asks for, by their names on office PCs, and what a server sets instead.

GB/T 9704 names faces that may not be given away. A county that has them puts them into DOCUMENT_FONTS; without them
the free Noto faces stand in, in the PDF only: a .docx keeps the official names, since the writer's PC has the faces.
"""

from dataclasses import dataclass
from functools import cache

import typst
from django.conf import settings


@dataclass(frozen=True)
class Face:
    """`word` is the name in a .docx; the first of `families` that is there sets the PDF, in `weight`."""

    word: str
    families: tuple
    weight: str = "regular"


TITLE = Face("方正小标宋简体", ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC"), "semibold")
BODY = Face("仿宋_GB2312", ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "Noto Serif CJK SC"))
FIRST_LEVEL = Face("黑体", ("SimHei", "黑体", "Noto Sans CJK SC"))
SECOND_LEVEL = Face("楷体_GB2312", ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "Noto Serif CJK SC"))
FIGURES = Face("宋体", ("SimSun", "宋体", "Noto Serif CJK SC"))
FACES = {"title": TITLE, "body": BODY, "first": FIRST_LEVEL, "second": SECOND_LEVEL, "figures": FIGURES}


class NoFont(Exception):
    """A face and all its stand-ins are missing: nothing may be set in whatever is found instead. Says the remedy."""


@cache
def available():
    """The fonts of DOCUMENT_FONTS, before those of the system. Reading them takes a while, so once a process."""
    folder = settings.DOCUMENT_FONTS
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[folder] if folder else [])


@cache
def chosen():
    """{key of FACES: family} of the faces that documents are set in here. Raises `NoFont`."""
    there = set(available().families())
    return {key: _first(face, there) for key, face in FACES.items()}


def _first(face, there):
    for family in face.families:
        if family in there:
            return family
    remedy = "请安装 fonts-noto-cjk，或把字体文件放入 DOCUMENT_FONTS 所指的文件夹。"
    raise NoFont(f"服务器上没有可用于“{face.word}”的字体。{remedy}")
