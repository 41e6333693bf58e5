"""What a visitor sends beside a form: numbers and the page to go back to. Anyone can write anything there."""

from django.utils.http import url_has_allowed_host_and_scheme

MOST_DIGITS = 12


def whole_number(text, most_digits=MOST_DIGITS):
    """The number, or None for anything but 1 to `most_digits` plain digits (`²` is a digit to str.isdigit)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None


def way_back(text, otherwise):
    """`text` if it is a path of this site, else `otherwise`: redirect() takes a bare word for the name of a view."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if is_ours else otherwise
