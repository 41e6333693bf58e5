"""Whether typed texts fit their fields: a TextField of Django's keeps its `max_length` in forms only."""


def too_long(row):
    """What to tell of the first text of the row that is longer than its field allows, in Chinese; "" when all fit."""
    for field in row._meta.concrete_fields:
        text, longest = getattr(row, field.attname), getattr(field, "max_length", None)
        if isinstance(text, str) and longest and len(text) > longest:
            return f"“{field.verbose_name}”有 {len(text)} 字，超过 {longest} 字，请缩短。"
    return ""
