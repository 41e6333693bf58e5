"""An import from the file to the register and back: receive, read, apply, withdraw. The page, the command and the
demo data all come through here."""

import hashlib
import os

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from accounts import audit
from accounts.models import AuditEntry, County
from portfolio.actions import changes
from portfolio.importing import progress, report
from portfolio.importing.comparing import Comparer
from portfolio.importing.headers import memory_key
from portfolio.importing.reading import read_rows, read_sheets
from portfolio.importing.refusals import NotNow, Refused
from portfolio.importing.register import Register
from portfolio.importing.safety import kind_of
from portfolio.importing.workbook import open_sheets
from portfolio.importing.writing import prepare, write
from portfolio.models import AnnualPlan, ChangeSet, HeaderMapping, ImportBatch, Leader, Project, ProjectAlias

State = ImportBatch.State
CHANGED_MEANWHILE = "预览之后，计划表里的数据又有改动，结果和预览不一样了。已重新核对，请看过新的预览再确认。"


def receive(content, *, file_name, county, year, by, options=None):
    """Keep the file under a random name of ours. A hostile or foreign file is refused at once: the batch says why.

    `options`: unit (万元, 亿元, 元), clear_empty, keep_unknown, skip_sheets [names], map {header: field key or ""},
    columns {"sheet-column": field key or ""}.
    """
    batch = ImportBatch(
        county=county,
        year=year,
        by=by,
        file_name=os.path.basename(file_name.replace("\\", "/"))[-200:] or "计划表",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        options=options or {},
    )
    try:
        suffix = kind_of(content)
    except Refused as refusal:
        suffix = None
        batch.state, batch.report = State.REFUSED, {"refused": str(refusal)}
    with transaction.atomic():
        if suffix:
            batch.file.save(f"{get_random_string(24)}.{suffix}", ContentFile(content), save=False)
        batch.save()
        _record("上传计划表", batch, summary=f"{batch.file_name}，{len(content):,} 字节")
        if not suffix:
            _record_refusal(batch)
    return batch


def read(batch):
    """Parse and compare; afterwards the batch waits for its columns (MAPPING), waits to be confirmed (PREVIEW), or is
    REFUSED: unreadable, or with errors that are all in `report`."""
    try:
        reading, comparison, register = _examined(batch)
    except Refused as refusal:
        return _finish_reading(batch, State.REFUSED, {"refused": str(refusal)})
    facts = report.of_columns(reading, batch.year)
    if comparison is None:
        return _finish_reading(batch, State.MAPPING, facts)
    facts |= report.of_rows(reading, comparison, register)
    return _finish_reading(batch, State.REFUSED if facts["counts"]["errors"] else State.PREVIEW, facts)


def apply(batch, *, by):
    """Write it, all or nothing, once; None when everything is already so and nothing was written. `NotNow` when it is
    not (or no longer) what the preview showed."""
    claimed = ImportBatch.objects.filter(pk=batch.pk, state=State.PREVIEW).update(state=State.APPLYING)
    batch.refresh_from_db()
    if not claimed:
        raise NotNow(why_not(batch))
    try:
        _apply_claimed(batch, by)
    except BaseException:
        ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).update(state=State.PREVIEW)
        batch.refresh_from_db()
        raise
    finally:
        progress.clear(batch)
    if batch.state != State.APPLIED:
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.READING)
        read(batch)
        raise NotNow(CHANGED_MEANWHILE)
    return batch.change_set


def withdraw(batch, *, by):
    """Take the whole import back, with the units, leaders and former names it added; `NotNow` when it can't be."""
    with transaction.atomic():
        changes.take_turn(batch.county_id)
        batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state != State.APPLIED:
            raise NotNow(why_not(batch))
        if batch.change_set is None:
            raise NotNow("这次导入没有写入任何数据，无需撤回。")
        # The list of changes may have taken it back already; then only the batch is still to be told.
        if not batch.change_set.is_undone:
            _undo(batch, by)
        _remove_added(batch)
        batch.state = State.WITHDRAWN
        batch.save(update_fields=["state"])
        _record("撤回导入", batch, by=by)
    return batch


def cancel(batch, *, by):
    """Give up an import that was never applied."""
    given_up = ImportBatch.objects.filter(
        pk=batch.pk, state__in=[State.READING, State.MAPPING, State.PREVIEW, State.REFUSED]
    ).update(state=State.CANCELLED)
    if not given_up:
        raise NotNow(why_not(batch))
    progress.clear(batch)
    _record("放弃导入", batch, by=by)


@transaction.atomic
def choose_columns(batch, *, options, remembered):
    """Take the user's answers for this file, and keep {header: field key or ""} for the next file of this county."""
    for header, key in remembered.items():
        HeaderMapping.objects.update_or_create(county=batch.county, header=memory_key(header), defaults={"field": key})
    batch.options = options
    batch.state = State.READING
    batch.save(update_fields=["options", "state"])


def start_over(batch):
    """Back to reading after a process died: an unfinished write has left nothing, it was one transaction."""
    ImportBatch.objects.filter(pk=batch.pk, state__in=[State.READING, State.APPLYING], change_set=None).update(
        state=State.READING
    )
    batch.refresh_from_db()
    progress.clear(batch)


def sheets_of(batch):
    """The sheets of the stored file; `Refused` when it can't be opened."""
    with batch.file.open("rb") as stored:
        content = stored.read()
    return open_sheets(content, kind_of(content))


def _examined(batch):
    """(reading, comparison, register); no comparison while columns are open."""
    progress.write(batch, "读取文件")
    remembered = dict(HeaderMapping.objects.filter(county=batch.county).values_list("header", "field"))
    remembered |= {memory_key(header): key for header, key in batch.options.get("map", {}).items()}
    reading = read_sheets(sheets_of(batch), batch.year, remembered=remembered, options=batch.options)
    if reading.questions:
        return reading, None, None
    county = County.objects.get(pk=batch.county_id)
    register = Register(county, batch.year)
    progress.write(batch, "读取各行")
    read_rows(reading, register, batch.options)
    if not reading.rows and not any(sheet.body.errors for sheet in reading.read_sheets):
        raise Refused("表头下面没有项目。请核对是否选错了文件或工作表。")
    comparer = Comparer(
        register,
        clear_empty=bool(batch.options.get("clear_empty")),
        progress=lambda done, total: _teller(batch)("与现有数据核对", done, total),
    )
    return reading, comparer.compare(reading.rows), register


def _finish_reading(batch, state, facts):
    with transaction.atomic():
        batch.state, batch.report = state, facts
        batch.save(update_fields=["state", "report", "options"])
        if state == State.REFUSED:
            _record_refusal(batch)
    progress.clear(batch)
    return batch


def _apply_claimed(batch, by):
    """Leaves the batch APPLIED, or as it is when the register moved or the result is not the one that was shown."""
    reading, comparison, register = _examined(batch)
    has_errors = comparison is None or comparison.errors or any(sheet.body.errors for sheet in reading.read_sheets)
    if has_errors or comparison.digest() != batch.report["digest"]:
        return
    _teller(batch)("准备写入")
    prepare(comparison)
    with transaction.atomic():
        changes.take_turn(batch.county_id)
        county = County.objects.get(pk=batch.county_id)
        still_ours = ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).exists()
        if county.data_version != register.county.data_version or not still_ours:
            return
        if comparison.has_effect:
            batch.change_set = changes.begin(ChangeSet.Kind.IMPORT, county=county, by=by, summary=_summary(batch))
            batch.report = {**batch.report, "added": write(batch.change_set, comparison, progress=_teller(batch))}
        else:
            _record("导入计划表", batch, by=by, summary="与现有数据一致，没有写入。")
        batch.state = State.APPLIED
        batch.save(update_fields=["state", "change_set", "report"])


def _teller(batch):
    return lambda step, done=0, total=0: progress.write(batch, step, done, total)


def _summary(batch):
    counts = batch.report["counts"]
    return f"导入 {batch.file_name}（{batch.year}年）：新增 {counts['new']} 项，修改 {counts['changed']} 项"


def why_not(batch):
    reasons = {
        State.APPLIED: "这份文件已经导入过了，没有重复写入。",
        State.APPLYING: "正在写入，请稍候。",
        State.REFUSED: "文件里还有错误，不能导入。请按提示改正后重新上传。",
        State.MAPPING: "还有列没有对应好，请先选择。",
        State.WITHDRAWN: "这次导入已经撤回。",
        State.CANCELLED: "这次导入已经放弃。",
        State.READING: "正在读取，请稍候。",
        State.PREVIEW: "这次导入还没有确认。",
    }
    return reasons[batch.state]


def _undo(batch, by):
    _refuse_if_projects_live_on(batch)
    try:
        changes.undo(batch.change_set, by=by)
    except changes.CannotUndo as refusal:
        raise NotNow(str(refusal)) from None


def _refuse_if_projects_live_on(batch):
    """A project that this import created and another year's plan uses can't go."""
    created = Project.history.filter(change_set=batch.change_set, history_type="+").values("id")
    plans = AnnualPlan.history.filter(change_set=batch.change_set, history_type="+").values("id")
    later = AnnualPlan.objects.filter(project__in=created).exclude(pk__in=plans).select_related("project")
    if names := [plan.project.name for plan in later[:5]]:
        raise NotNow(f"这次导入新增的项目已列入其他年度的计划（{'、'.join(names)}），不能整批撤回。")


def _remove_added(batch):
    added = batch.report.get("added", {})
    ProjectAlias.objects.filter(pk__in=added.get("aliases", [])).delete()
    county = batch.county
    unused_leaders = Leader.objects.filter(county=county, pk__in=added.get("leaders", []), plans=None, user=None)
    unused_leaders.delete()
    for unit in county.units.filter(pk__in=added.get("units", []), projects=None, users=None):
        try:
            with transaction.atomic():
                unit.delete()
        except IntegrityError:
            continue


def _record(action, batch, *, by=None, summary="", outcome=AuditEntry.Outcome.DONE):
    audit.record(action, actor=by or batch.by, county=batch.county, target=batch, summary=summary, outcome=outcome)


def _record_refusal(batch):
    reason = batch.report.get("refused") or f"{batch.report['counts']['errors']} 处错误"
    _record("导入计划表", batch, summary=reason, outcome=AuditEntry.Outcome.REFUSED)
