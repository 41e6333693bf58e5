"""Content as bytes that are the same wherever they are written, and their fingerprint."""

import hashlib
import json


def canonical(content):
    """Canonical JSON: keys in order, no spaces, no floats (a ValueError), UTF-8."""
    _refuse_floats(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(content):
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _refuse_floats(value):
    """A float is written differently here and there; figures travel as whole numbers and decimal texts."""
    if isinstance(value, float):
        raise ValueError("A report holds no floats.")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_floats(part)
