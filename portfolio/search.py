"""What the one search box looks through, and the key under which two spellings of a name are one name."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_SEPARATORS = re.compile(r"[\s·•,，.。、:：;；\"'“”‘’()（）\[\]【】《》<>〈〉\-—–_/]+")


def name_key(text):
    """Full width folded, spaces and punctuation dropped, lower case: `污水处理厂 （二期）` = `污水处理厂(二期)`."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text or "")).lower()


@lru_cache(maxsize=4096)
def initials(text):
    """Pinyin initials of each character: 污水处理厂 → wsclc."""
    return "".join(lazy_pinyin(name_key(text), style=Style.FIRST_LETTER))


@lru_cache(maxsize=4096)
def pinyin(text):
    """Whole pinyin without tones or spaces, what names are sorted by: 污水处理厂 → wushuichulichang."""
    return "".join(lazy_pinyin(name_key(text)))


def search_key(names, others=()):
    """One string to look into: names with their initials and pinyin, then codes, addresses and the like."""
    keys = [part for name in names if name for part in (name_key(name), initials(name), pinyin(name))]
    return "|".join([*keys, *(name_key(other) for other in others if other)])[:2000]


def search_terms(query):
    """The words of a query; each must be found."""
    return [key for word in (query or "").split() if (key := name_key(word))]
