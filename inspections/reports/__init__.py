"""Reports (季报、月报、包联专报): everything they say, gathered once as plain content that is then frozen."""

from inspections.reports.content import content_of, kept_content, leader_content, monthly_content, quarterly_content
from inspections.reports.frozen import canonical, digest_of
from inspections.reports.period import Period

__all__ = [
    "Period",
    "canonical",
    "content_of",
    "digest_of",
    "kept_content",
    "leader_content",
    "monthly_content",
    "quarterly_content",
]
