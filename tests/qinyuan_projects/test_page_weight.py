"""A township office on a slow line: the first page with everything it needs stays under 150 KB compressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests import factories

pytestmark = pytest.mark.django_db
LIMIT = 150 * 1024


def compressed(content):
    return len(gzip.compress(content))


@pytest.mark.parametrize("address", ["/", "/projects/?year=2024", "/accounts/login/"])
def test_first_page_with_styles_and_scripts_is_light(client, county, address):
    for number in range(50):
        factories.plan(
            seq=number,
            project__name=f"第{number}号农村公路改造工程",
            project__content="改造三级公路，含路基、路面、桥涵和安全设施。" * 4,
            progress="路基完成，正在铺筑面层。",
        )
    if address != "/accounts/login/":
        client.force_login(factories.user("office"))

    page = client.get(address).content

    files = [finders.find(path) for path in set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))]
    assert None not in files
    assert compressed(page) + sum(compressed(Path(path).read_bytes()) for path in files) < LIMIT
