"""Pages of letters: who sees what, the own unit first, one step each, documents, and what a letter may be about."""

import datetime as dt
import io
import uuid

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from inspections.actions import letters as actions
from inspections.models import Letter, LetterSeries
from inspections.views import letter_detail
from tests import factories
from tests.inspections import letter_factories as make
from tests.inspections import paper

pytestmark = pytest.mark.django_db
LIST = "/inspections/letters/"
READERS = ["office", "leader", "inspector", "auditor", "sysadmin", "reporter"]


@pytest.fixture(autouse=True)
def friday(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def office(friday):
    return factories.user("office")


@pytest.fixture
def unit(friday):
    return factories.unit("水利局")


@pytest.fixture
def letter(office, unit):
    return make.issued(office, make.red_plan(unit))


@pytest.fixture
def draft(office, unit):
    return make.drafted(office, make.red_plan(unit, "大桥"))


def signed_in(client, user):
    client.force_login(user)
    return client


def of(letter, *path):
    return f"{LIST}{letter.pk}/{''.join(path)}"


def step(client, letter, verb, **values):
    return client.post(of(letter, verb, "/"), {"version": letter.row_version, "form_key": str(uuid.uuid4()), **values})


# Who sees what


@pytest.mark.parametrize("role", READERS)
def test_everybody_reads_issued_letters_and_their_documents(client, role, letter, unit):
    signed_in(client, factories.user(role, unit=unit if role == "reporter" else None))

    statuses = [client.get(of(letter, path)).status_code for path in ("", "letter.pdf", "letter.docx")]

    assert statuses == [200, 200, 200]


@pytest.mark.parametrize("role", READERS)
def test_drafts_are_the_offices_own(client, role, draft, unit):
    signed_in(client, factories.user(role, unit=unit if role == "reporter" else None))

    statuses = {client.get(of(draft, path)).status_code for path in ("", "letter.pdf", "letter.docx")}

    assert statuses == ({200} if role == "office" else {404})


def test_letters_of_another_county_are_not_there(client, letter):
    signed_in(client, factories.user("office", county=factories.county("140402", "潞州区")))

    paths = [of(letter), of(letter, "letter.pdf"), f"{LIST}new/?plan={letter.plan_id}"]
    paths += [f"{LIST}about/plan/{letter.plan_id}/", f"{LIST}about/project/{letter.plan.project_id}/"]

    assert [client.get(path).status_code for path in paths] == [404] * 5
    assert step(client, letter, "close", text="x", is_settled="yes").status_code == 404


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin", "reporter"])
def test_only_the_office_writes(client, role, letter, draft, unit):
    signed_in(client, factories.user(role, unit=unit if role == "reporter" else None))

    reads = [client.get(path).status_code for path in (f"{LIST}new/", f"{LIST}new/?plan={letter.plan_id}")]
    writes = [step(client, draft, verb).status_code for verb in ("issue", "discard", "edit")]
    series = client.post(f"{LIST}series/", {}).status_code

    assert (reads, {*writes, series} <= {403, 404}) == ([404, 404], True)
    assert Letter.objects.get(pk=draft.pk).state == "draft"


def test_another_units_reporter_reads_and_cannot_answer(client, letter):
    signed_in(client, factories.user("reporter", unit=factories.unit("交通局")))

    page = client.get(of(letter))
    answer = step(client, letter, "answer", text="x")

    assert (page.status_code, page.context["forms"], answer.status_code) == (200, [], 404)
    assert AuditEntry.objects.filter(outcome="refused").get().summary.startswith("无权对这份文书“回复”")


# The list


def test_a_reporter_sees_letters_to_the_own_unit_first(client, letter, office, unit):
    make.issued(office, make.red_plan(factories.unit("交通局"), "公路"))
    signed_in(client, factories.user("reporter", unit=unit))

    own = client.get(LIST).context["listing"]
    all_ = client.get(LIST, {"scope": "all"}).context["listing"]

    assert [row.letter for row in own.found] == [letter]
    assert len(all_.found) == 2


def found(client, **query):
    return [row.letter.project.name for row in client.get(LIST, query).context["listing"].found]


def test_the_list_is_filtered_and_sorted(client, office, unit):
    signed_in(client, office)
    river = make.issued(office, make.red_plan(unit))
    make.risen(office, make.issued(office, make.red_plan(factories.unit("交通局"), "公路")))
    make.drafted(office, make.red_plan(unit, "大桥"))
    factories.clock(2024, 6, 5, 10)

    assert found(client) == ["公路", "河道治理"]
    assert found(client, state="overdue") == ["公路"]
    assert found(client, state="closed") == ["公路"]
    assert found(client, state="draft") == ["大桥"]
    assert found(client, kind="reminder") == ["河道治理"]
    assert found(client, unit=unit.pk) == ["河道治理"]
    assert found(client, q="公路") == ["公路"]
    assert found(client, sort="number") == ["河道治理", "公路"]
    assert found(client, kind="x", unit="x", state="x", sort="x", page="x") == ["公路", "河道治理"]
    assert river.number == 1


def queries_of(client, path):
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_the_list_takes_as_many_queries_for_many_letters(client, office, unit):
    signed_in(client, office)
    make.issued(office, make.red_plan(unit))
    client.get(LIST)
    few = queries_of(client, LIST)
    for number in range(3):
        make.issued(office, make.red_plan(factories.unit(), f"项目{number}"))

    assert queries_of(client, LIST) == few


def test_who_decides_reads_above_the_steps_what_the_unit_said_last(client, office, letter, unit):
    signed_in(client, factories.user("reporter", unit=unit))
    step(client, letter, "receive")
    letter.refresh_from_db()
    step(client, letter, "ask_extension", deadline="2024-06-20", reason="管材尚未到场")

    page = signed_in(client, office).get(of(letter))

    assert (page.context["news"].get_kind_display(), page.context["news"].text) == ("申请延期", "管材尚未到场")
    assert "管材尚未到场（申请延至 2024-06-20）" in page.content.decode()


def test_the_xlsx_has_the_rows_of_the_page(client, office, letter, draft):
    signed_in(client, office)

    content = b"".join(client.get(f"{LIST}export/", {"state": "all"}).streaming_content)

    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[2], row[4]) for row in rows] == [
        ("提醒函", "沁重项提〔2024〕1号", "水利局"),
        ("提醒函", None, "水利局"),
    ]


CALL = "请于2024年6月7日前反馈，联系人 138 1234 5678。"


@pytest.mark.parametrize(
    ("role", "of_unit", "shown"),
    [
        ("office", False, "138 1234 5678"),
        ("reporter", True, "138 1234 5678"),
        ("reporter", False, "138****5678"),
        ("leader", False, "138****5678"),
        ("auditor", False, "138****5678"),
    ],
)
def test_the_paper_is_whole_for_the_office_and_the_unit_it_is_sent_to(client, office, unit, role, of_unit, shown):
    letter = make.issued(office, make.red_plan(unit), body=CALL)
    signed_in(client, factories.user(role, unit=unit if of_unit else factories.unit()))

    page, word = client.get(of(letter)), client.get(of(letter, "letter.docx"))
    sheet = client.get(of(letter, "letter.pdf"))

    said = page.content.decode() + "".join(docx_text(word)) + "".join(pdf_text(sheet))
    both = ("138 1234 5678", "138****5678")
    assert [said.replace("13812345678", "138 1234 5678").count(number) for number in both] == [
        3 if number == shown else 0 for number in both
    ]


def docx_text(response):
    return [line.text for line in docx.Document(io.BytesIO(b"".join(response.streaming_content))).paragraphs]


def pdf_text(response):
    return [paper.words(line) for page in paper.pages(b"".join(response.streaming_content)) for line in page.body]


def test_lists_of_letters_mask_phones_for_everybody(client, office, unit):
    letter = make.issued(office, make.red_plan(unit), title="请速与13912345678联系的提醒函")
    actions.void(by=office, letter=letter, version=letter.row_version, reason="应发13712345678所在单位")
    signed_in(client, office)

    page = client.get(LIST, {"state": "all"}).content.decode()
    content = b"".join(client.get(f"{LIST}export/", {"state": "all"}).streaming_content)

    [row] = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=4, values_only=True)
    assert ("13912345678" in page, "请速与139****5678联系的提醒函" in page) == (False, True)
    assert (row[3], row[13]) == ("请速与139****5678联系的提醒函", "应发137****5678所在单位")


# A new one


def test_what_may_be_written_about_is_listed_with_its_letter(client, office, letter, unit):
    problem = make.late_problem(make.red_plan(unit, "大桥").project)
    signed_in(client, office)

    groups = dict(client.get(f"{LIST}new/").context["groups"])

    assert [(each.name, each.letter) for each in groups["红灯项目"]] == [("河道治理", letter), ("大桥", None)]
    assert [each.row for each in groups["逾期问题"]] == [problem]
    assert groups["逾期事项"] == []


def test_a_new_letter_is_saved_as_a_draft_once(client, office, unit):
    plan = make.red_plan(unit)
    signed_in(client, office)
    form = client.get(f"{LIST}new/", {"plan": plan.pk}).context["form"]
    sent = {name: form[name].value() for name in form.fields}

    for _ in range(2):
        answer = client.post(f"{LIST}new/?plan={plan.pk}", sent)

    letter = Letter.objects.get()
    assert answer.url == of(letter)
    assert (letter.unit, letter.state) == (unit, "draft")


def test_who_drafts_second_keeps_the_words_and_is_led_to_the_first(client, office, unit):
    plan = make.red_plan(unit)
    first = make.drafted(factories.user("office"), plan)
    form = {
        "unit": unit.pk,
        "title": "另一份",
        "deadline": "2024-06-07",
        "body": "我写的",
        "form_key": str(uuid.uuid4()),
    }
    signed_in(client, office)

    answer = client.post(f"{LIST}new/?plan={plan.pk}", form)

    text = answer.content.decode()
    assert (answer.status_code, list(Letter.objects.all())) == (409, [first])
    assert ("对此已有提醒函草稿没有办结，不能另发。" in text, "我写的" in text) == (True, True)
    assert f'<a href="{of(first)}">查看已有的提醒函草稿</a>' in text


def test_who_raises_second_is_led_to_the_first(client, office, letter):
    closed = make.unsettled(office, letter)
    order = actions.raise_further(by=office, letter=closed, version=closed.row_version)
    signed_in(client, factories.user("office"))

    answer = step(client, closed, "raise_further")

    text = answer.content.decode()
    assert (answer.status_code, Letter.objects.filter(raises=closed).count()) == (400, 1)
    assert f'<a href="{of(order)}">查看已有的督办单草稿</a>' in text


def test_a_bad_deadline_is_said_beside_its_field(client, office, unit):
    plan = make.red_plan(unit)
    signed_in(client, office)
    form = client.get(f"{LIST}new/", {"plan": plan.pk}).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"deadline": "2024-05-31"}

    answer = client.post(f"{LIST}new/?plan={plan.pk}", sent)

    assert answer.status_code == 400
    assert "回复时限应晚于今天（2024-05-31）" in answer.context["form"].errors["deadline"][0]


@pytest.mark.parametrize("value", ["0", "x", "99999999999999", ""])
def test_what_is_not_there_is_not_written_about(client, office, value):
    signed_in(client, office)

    assert client.get(f"{LIST}new/", {"problem": value}).status_code == (404 if value else 200)


def test_a_green_plan_leads_back_to_what_is_red(client, office, unit):
    plan = make.red_plan(unit, project__planned_start=dt.date(2024, 12, 1))
    signed_in(client, office)

    assert client.get(f"{LIST}new/", {"plan": plan.pk}).url == f"{LIST}new/"


# Steps


def test_the_office_edits_and_issues(client, office, draft, unit):
    signed_in(client, office)

    answer = step(
        client, draft, "edit", unit=unit.pk, title="关于大桥的提醒函", body=draft.body, deadline=draft.deadline
    )
    edited = Letter.objects.get()
    issued = step(client, edited, "issue")

    letter = Letter.objects.get()
    assert (answer.url, issued.url) == (of(draft), of(draft))
    assert (letter.title, letter.document_number) == ("关于大桥的提醒函", "沁重项提〔2024〕1号")


def test_a_refused_step_keeps_what_was_typed(client, office, draft, unit):
    Letter.objects.filter(pk=draft.pk).update(body="请尽快反馈")
    signed_in(client, office)

    answer = step(client, draft, "issue")

    assert answer.status_code == 400
    assert "没有写明回复时限" in answer.content.decode()


def test_a_stale_form_is_a_409_with_the_typed_words(client, letter, unit):
    reporter = factories.user("reporter", unit=unit)
    signed_in(client, reporter)
    step(client, letter, "receive")

    answer = step(client, letter, "answer", text="已开工")

    assert answer.status_code == 409
    assert "他人已办理了这份文书" in answer.content.decode()
    assert "已开工</textarea>" in answer.content.decode()
    assert Letter.objects.get().state == "received"


def test_a_step_that_is_over_shows_the_text_for_copying(client, office, letter, unit):
    make.unsettled(office, letter)
    signed_in(client, factories.user("reporter", unit=unit))

    answer = step(client, Letter.objects.get(), "answer", text="已经开工了")

    assert answer.status_code == 400
    assert [text for _, text in answer.context["typed"]] == ["已经开工了"]


def test_an_unknown_step_is_not_there(client, office, letter):
    signed_in(client, office)

    assert step(client, letter, "shred").status_code == 404
    assert client.get(of(letter, "close/")).status_code == 405


def test_the_chain_shows_the_matter_rising_but_no_draft_to_others(client, office, letter, unit):
    order = make.risen(office, letter)
    closed = make.unsettled(office, order)
    talk = actions.raise_further(by=office, letter=closed, version=closed.row_version)

    chains = [
        signed_in(client, user).get(of(letter)).context["chain"]
        for user in (office, factories.user("reporter", unit=unit))
    ]

    assert chains == [[letter, order, talk], [letter, order]]


def test_a_draft_says_when_the_matter_has_changed_since(client, office, draft):
    signed_in(client, office)
    before = client.get(of(draft)).context["now"]
    factories.clock(2024, 6, 30, 10)

    assert (before, client.get(of(draft)).context["now"]) == ("", "应于2024年1月开工，已逾期5个月")


# Documents


def test_documents_are_named_after_the_letter(client, office, letter):
    signed_in(client, office)

    word, sheet = client.get(of(letter, "letter.docx")), client.get(of(letter, "letter.pdf"))

    assert word["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%B2%81")
    assert sheet["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%B2%81")
    assert b"".join(sheet.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        (letter_detail.NoFont("服务器上没有可用于“仿宋_GB2312”的字体。"), "服务器上没有可用于“仿宋_GB2312”的字体。"),
        (letter_detail.NotSet("failed"), letter_detail.NOT_SET),
    ],
)
def test_a_letter_that_cannot_be_set_says_so_on_its_page(client, office, letter, monkeypatch, failed, words):
    def fail(*given):
        raise failed

    monkeypatch.setattr(letter_detail.letter_document.pdf, "rendered", fail)
    signed_in(client, office)

    answer = client.get(of(letter, "letter.pdf"), follow=True)

    assert answer.redirect_chain == [(of(letter), 302)]
    assert [str(message) for message in answer.context["messages"]] == [words]


# On other pages


def known_since_may(plan):
    for row in (plan, plan.project):
        row.history.update(history_date=timezone.make_aware(dt.datetime(2024, 5, 1)))
    return plan


def test_a_red_project_leads_the_office_to_a_letter(client, office, unit):
    plan = make.red_plan(unit)
    path = f"{LIST}about/project/{plan.project_id}/"

    of_office = signed_in(client, office).get(path).content.decode()
    of_reporter = signed_in(client, factories.user("reporter", unit=unit)).get(path).content.decode()

    assert f"/inspections/letters/new/?plan={plan.pk}" in of_office
    assert "发提醒函" not in of_reporter


def test_a_project_shows_the_letters_about_its_problems_too(client, office, unit):
    plan = known_since_may(make.red_plan(unit))
    first = make.issued(office, plan)
    second = actions.draft(by=office, what="problem", row=make.late_problem(plan.project))

    path = f"{LIST}about/project/{plan.project_id}/"
    rows = signed_in(client, office).get(path).context["letter_rows"]
    past = client.get(path, {"as_of": "2024-05-30"}).context["letter_rows"]

    assert ([letter for letter, _ in rows], past) == ([first, second], [])


def test_a_past_day_shows_a_letter_as_it_stood_then(client, office, unit):
    plan = known_since_may(make.red_plan(unit))
    letter = make.issued(office, plan)
    factories.clock(2024, 6, 3, 10)
    office.county.refresh_from_db()
    make.unsettled(office, letter)

    path = f"{LIST}about/project/{plan.project_id}/"
    signed_in(client, office)
    told = [client.get(path, {"as_of": day}).context["letter_rows"] for day in ("2024-06-02", "")]

    assert [[clock.words for _, clock in rows] for rows in told] == [["还剩 5 天"], ["整改未到位"]]


# Numbers and senders


def test_the_words_before_the_number_are_marked_as_defaults_until_set(client, office, friday):
    signed_in(client, office)
    page = client.get(f"{LIST}series/")
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"order_prefix": "沁督"}

    answer = client.post(f"{LIST}series/", sent)

    assert page.context["is_default"] is True
    assert answer.url == f"{LIST}series/"
    assert LetterSeries.objects.get(kind="order").prefix == "沁督"
    assert client.get(f"{LIST}series/").context["is_default"] is False
