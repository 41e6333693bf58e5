"""Contact phones: masked for whoever is neither of the unit nor of the project office (design §7)."""

import re

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)", re.ASCII)
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[-—－ ]?)\d{3,4}(\d{4})(?!\d)", re.ASCII)


def mask_phones(text):
    """`联系人 13812345678、0355-7831234` → `联系人 138****5678、0355-****1234`; other numbers stay."""
    return _LANDLINE.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", str(text)))
