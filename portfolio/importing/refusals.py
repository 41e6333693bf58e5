"""A file that can't be read at all, and why."""


class Refused(Exception):
    """The whole file is refused; the message says why and what to do, in Chinese."""


class NotNow(Exception):
    """The import can't be applied as it stands; the message says what to do, in Chinese."""
