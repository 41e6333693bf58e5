"""What a judge may type as points."""

import pytest
from django.core.exceptions import ValidationError

from inspections.forms.scoring import PointsField


@pytest.mark.parametrize("typed", ["十分", "1,5", "1 5", "NaN", "1e400"])
def test_what_is_no_points_is_refused_as_points(typed):
    field = PointsField(label="形象进度")

    with pytest.raises(ValidationError) as refused:
        field.clean(typed)

    assert refused.value.messages == [f"“形象进度”不是分数：{typed}。请改为 15 或 1.5 这样的数值。"]
