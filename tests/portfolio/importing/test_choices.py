"""Words of closed lists: which spelling stands for which value, and what is said of the others."""

import pytest

from portfolio.importing.choices import read_choice
from portfolio.importing.headers import meaning_of


@pytest.mark.parametrize(
    ("word", "library"),
    [
        ("未入库", "none"),
        ("否", "none"),
        ("市级库", "city"),
        ("省级", "province"),
        ("省级项目库", "province"),
        ("国家重大建设项目库", "national"),
        ("已入国家库", "national"),
    ],
)
def test_words_for_the_library_are_read(word, library):
    assert read_choice("library", word) == {"library": library}


@pytest.mark.parametrize("word", ["是", "已入库", "县级库"])
def test_a_word_that_does_not_say_which_library_is_refused(word):
    with pytest.raises(ValueError, match=r"请改为其中之一：未入库、市级库、省级库、国家库"):
        read_choice("library", word)


@pytest.mark.parametrize(
    ("header", "key"), [("项目库", "library"), ("入库级别", "library"), ("是否入库", "registration")]
)
def test_header_of_the_library_is_told_from_that_of_registration(header, key):
    assert meaning_of((header,), 2024, {}).field == key
