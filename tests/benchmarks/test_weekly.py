"""What the weekly measurements send: the product's boxes with the version that stands, a formset's rows, always new."""

from urllib.parse import parse_qs

from benchmarks.tasks import PLAIN, PRODUCT, SAVE_ONE, SUBMIT_ALL, Task
from benchmarks.weekly import WeeklyPosts

REPORTS = [(7, 70, 3), (8, 80, 4)]  # key, plan, row version


def posts():
    return WeeklyPosts(lambda sql: REPORTS if "SELECT report" in sql else [])


def body(page, contender, made=None):
    text = (made or posts()).of(Task(page, contender, "/", posts=True))
    return {name: value for name, (value,) in parse_qs(text).items()}


def test_one_card_is_sent_with_the_version_that_stands():
    sent = body(SAVE_ONE, PRODUCT)

    assert (sent["do"], sent["p70-version"], sent["p70-works_percent"]) == ("save", "3", "97")


def test_all_cards_are_submitted_with_their_versions():
    sent = body(SUBMIT_ALL, PRODUCT)

    assert (sent["do"], sent["p70-version"], sent["p80-version"]) == ("submit_all", "3", "4")


def test_a_formset_gets_a_row_for_each_report():
    sent = body(SUBMIT_ALL, PLAIN)

    assert (sent["form-TOTAL_FORMS"], sent["form-0-id"], sent["form-1-id"]) == ("2", "7", "8")


def test_what_is_typed_is_new_each_time():
    made = posts()

    assert body(SAVE_ONE, PRODUCT, made)["p70-progress"] != body(SAVE_ONE, PRODUCT, made)["p70-progress"]
