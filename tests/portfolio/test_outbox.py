import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import outbox
from portfolio.channels import webhook
from portfolio.models import Notice, NoticeKind, NoticeRule
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.clock(2024, 5, 31, 10)
    for kind in NoticeKind:
        NoticeRule.objects.create(county=county, kind=kind, by_email=True, by_webhook=True)
    return county


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://xm.example.gov.cn", "县项目办 <notices@example.gov.cn>"


def reporter(unit="住建局", name="张三", **fields):
    fields.setdefault("email", "zhang@example.gov.cn")
    return factories.user("reporter", name=name, unit=factories.unit(unit), **fields)


def notice(user, title="第22周还有 3 个项目未报", kind="due", **fields):
    fields.setdefault("at", user.county.business_now())
    fields.setdefault("key", f"{kind}:{title}")
    fields.setdefault("path", "/dispatch/")
    return Notice.objects.create(county=user.county, user=user, kind=kind, title=title, **fields)


def digests(county):
    return [(digest.user, digest.notices) for digest in outbox.digests(county, county.business_now())]


def post(county):
    return outbox.post(county, county.business_now())


def test_a_digest_holds_all_of_one_account_by_kind_with_addresses(county):
    user = reporter()
    notice(user, "第22周还有 3 个项目未报", words="未报：供热站。")
    notice(user, "“供热站”2024-W21报送被退回", "returned", words="退回原因：与联系人 13812345678 核实。")

    (digest,) = outbox.digests(county, county.business_now())

    assert digest.subject == "沁源县重大项目（演示数据）：2 条提醒"
    assert digest.body == (
        "张三，您好：\n\n"
        "以下事项请您处理或知悉。\n\n"
        "【本周待报】\n"
        "1. 第22周还有 3 个项目未报\n"
        "   未报：供热站。\n"
        "   https://xm.example.gov.cn/dispatch/\n\n"
        "【报送被退回】\n"
        "1. “供热站”2024-W21报送被退回\n"
        "   退回原因：与联系人 138****5678 核实。\n"
        "   https://xm.example.gov.cn/dispatch/\n\n"
        "全部提醒：https://xm.example.gov.cn/notices/\n\n"
        "这是系统自动发送的邮件，请勿回复。不再需要的，请在系统右上角“我的邮箱”里清空地址。\n"
    )


def test_a_digest_without_the_sites_address_holds_no_links(county, settings):
    settings.SITE_URL = ""
    notice(reporter())

    (digest,) = outbox.digests(county, county.business_now())

    assert "请登录系统处理。" in digest.body
    assert "/dispatch/" not in digest.body


def test_names_are_written_as_they_are(county):
    notice(reporter(name="<甲> & 乙"), "“1<2 & 3”转为红灯", "turned_red")

    (digest,) = outbox.digests(county, county.business_now())

    assert "<甲> & 乙，您好：" in digest.body
    assert "“1<2 & 3”转为红灯" in digest.body


def test_a_digest_keeps_its_number_while_its_notices_are_the_same(county):
    user = reporter()
    notice(user)

    first, again = [outbox.digests(county, county.business_now())[0].message_id for _ in range(2)]
    notice(user, "又一条")
    other = outbox.digests(county, county.business_now())[0].message_id

    assert first == again != other
    assert first.endswith("@example.gov.cn>")


def test_each_account_has_a_digest_of_its_own(county):
    first, second = reporter(), reporter("交通局")
    notices = [notice(first), notice(second)]

    assert digests(county) == [(first, [notices[0]]), (second, [notices[1]])]


def test_nothing_goes_to_who_has_no_address_or_is_disabled(county):
    notice(reporter(email=""))
    notice(reporter("交通局", is_active=False))

    assert digests(county) == []


@pytest.mark.parametrize("field", ["emailed_at", "read_at"])
def test_what_was_sent_or_read_is_not_in_a_digest(county, field):
    notice(reporter(), **{field: county.business_now()})

    assert digests(county) == []


@pytest.mark.parametrize(("hours", "count"), [(71, 1), (72, 0)])
def test_what_is_three_days_old_is_not_sent_any_more(county, hours, count):
    notice(reporter(), at=county.business_now() - dt.timedelta(hours=hours))

    assert (len(digests(county)), post(county) is not None) == (count, bool(count))


@pytest.mark.parametrize("rule", [{"by_email": False, "by_webhook": False}, {"is_on": False}, None])
def test_only_kinds_that_the_rules_send_are_sent(county, rule):
    notice(reporter())
    rules = NoticeRule.objects.filter(kind="due")
    rules.update(**rule) if rule else rules.delete()

    assert (digests(county), post(county)) == ([], None)


def test_another_countys_notices_stay_there(county):
    elsewhere = factories.county("140400", "别县")
    stranger = factories.user("office", county=elsewhere, email="a@example.gov.cn")
    notice(stranger)

    assert (digests(county), post(county)) == ([], None)


def test_a_post_tells_each_matter_once_with_its_units(county):
    housing = reporter("住建局")
    deputy = factories.user("reporter", unit=housing.unit)
    transport = reporter("交通局")
    office = [factories.user("office", unit=factories.unit("发改局")), factories.user("office")]
    told = [notice(user) for user in (housing, deputy, transport)]
    told += [notice(user, "“供热站”转为红灯", "turned_red", words="红：未开工。") for user in office]

    found = post(county)

    assert found.notices == told
    assert found.text == (
        "【沁源县重大项目（演示数据）】5月31日 10:00 提醒 2 条\n"
        "〔本周待报〕\n"
        "· 住建局、交通局：第22周还有 3 个项目未报\n"
        "〔项目转为红灯〕\n"
        "· “供热站”转为红灯：红：未开工。\n"
        "请登录系统查看：https://xm.example.gov.cn/notices/"
    )


def test_a_post_keeps_back_what_only_some_may_read(county):
    notice(reporter(), "“供热站”报送被退回", "returned", words="退回原因：不实。")

    assert post(county).text.splitlines()[2] == "· 住建局：“供热站”报送被退回"


def test_a_post_holds_no_phone_and_one_line_a_matter(county):
    notice(factories.user("office"), "“供热站\n13812345678”转为红灯", "turned_red", words="红：\r\n〔假〕")

    assert post(county).text.splitlines()[2] == "· “供热站 138****5678”转为红灯：红： 〔假〕"


def test_a_post_that_is_too_long_says_how_many_it_left_out(county):
    office = factories.user("office")
    for number in range(60):
        notice(office, f"“项目{number:02}”转为红灯", "turned_red", words="红：投资完成 0.0%，落后序时 33.3 个百分点。")

    found = post(county)

    lines = found.text.splitlines()
    shown = [line for line in lines if line.startswith("· ")]
    assert len(found.notices) == 60
    assert lines[-1] == f"另有 {60 - len(shown)} 条，请登录系统查看：https://xm.example.gov.cn/notices/"
    assert webhook.LIMIT - 120 < len(found.text.encode()) <= webhook.LIMIT


def test_one_matter_with_many_words_fits(county):
    notice(factories.user("office"), "题" * 120, "late_units", key="late", words="长" * 500)

    assert len(post(county).text.encode()) < 700


def test_queries_do_not_grow_with_notices(county):
    counts = []
    for name in ("甲", "乙"):
        for number in range(3):
            user = reporter(f"{name}{number}")
            notice(user)
        with CaptureQueriesContext(connection) as queries:
            [digest.body for digest in outbox.digests(county, county.business_now())]
            post(county)
        counts.append(len(queries))

    assert counts == [4, 4]
