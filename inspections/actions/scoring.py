"""What happens on an open quarterly inspection (季观摩): judges score its stops, findings and photos are kept.

Each write is one transaction and one change set. A stop is scored by the judges of its round alone; findings and photos
are theirs and the project office's (Stop.DoesNotExist for anybody else). `Refused` says in Chinese why not; the same
`form_key` again writes nothing.
"""

from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.roles import Right, has_right
from inspections.actions import pictures
from inspections.actions.rounds import Refused
from inspections.models import Finding, Judge, ScoreSheet, Stop
from inspections.models.rounds import RoundState
from portfolio.actions import changes
from portfolio.actions import problems as problem_actions
from portfolio.models import ChangeSet

TENTH = Decimal("0.1")
STANDING = {
    RoundState.PLANNED: "这次观摩还没有开始，请等项目办开始后再评分。",
    RoundState.CLOSED: "这次观摩已经结束，不再接受评分、发现和照片。",
}


# Scores


def score(*, by, stop, version, points, words="", form_key=None):
    """Keep the sheet of this judge for a stop, or change it. `points` is {criterion pk: Decimal}, for every criterion.

    `version` is that of the own sheet that the caller saw, 0 for none yet; `changes.StaleRow` when it has moved on.
    """
    try:
        with transaction.atomic():
            return _scored_with(by, stop, form_key) or _score(by, stop, version, points, words.strip(), form_key)
    except (IntegrityError, changes.StaleRow):
        # The same form sent twice at once: the other one was first.
        if done := _scored_with(by, stop, form_key):
            return done
        raise


def _scored_with(by, stop, form_key):
    records = ScoreSheet.history.filter(change_set__form_key=form_key, change_set__by=by, stop=stop.pk)
    return ScoreSheet.objects.filter(judge__user=by, pk__in=records.values("id")).first() if form_key else None


def _score(by, stop, version, points, words, form_key):
    changes.take_turn(by.county_id)
    stop = _locked(stops_scored_by(by), stop)
    _refuse_bad_points(stop, points, words)
    judge = Judge.objects.get(round=stop.round, user=by)
    sheet = ScoreSheet.objects.filter(judge=judge, stop=stop).first()
    if (sheet.row_version if sheet else 0) != version:
        raise changes.StaleRow(sheet)
    # No points in the audit trail: until the round is closed they are the judge's and the office's.
    change_set = _begin(by, stop, "修改评分" if sheet else "评分", form_key)
    values = {"points": _stored(points), "words": words, "scored_at": change_set.at}
    if sheet is None:
        return changes.create(change_set, [ScoreSheet(judge=judge, stop=stop, **values)])[0]
    for name, value in values.items():
        setattr(sheet, name, value)
    changes.update(change_set, [sheet], values)
    return sheet


def stops_scored_by(user):
    """The stops of the rounds on which this account judges, open or not."""
    if not has_right(user, Right.SCORE_STOPS):
        return Stop.objects.none()
    return Stop.objects.filter(round__county=user.county_id, round__judges__user=user)


def stops_noted_by(user):
    """The stops at which this account may write findings and keep photos, while their round is open."""
    if has_right(user, Right.RUN_ROUNDS):
        return Stop.objects.filter(round__county=user.county_id)
    return stops_scored_by(user)


def _locked(stops, stop):
    """The stop, with its round held open for this transaction: closing the round takes the county's turn too."""
    row = stops.select_related("round__county", "plan__project__unit").get(pk=stop.pk)
    _refuse_unless_open(row)
    return row


def _refuse_unless_open(stop):
    if stop.round.state != RoundState.OPEN:
        raise Refused(STANDING[stop.round.state])


def _refuse_bad_points(stop, points, words):
    """Errors name the criterion by its key."""
    criteria = list(stop.round.criteria.all())
    errors = {each.pk: why for each in criteria if (why := _why_no_points(each, points.get(each.pk)))}
    if points.keys() - {each.pk for each in criteria}:
        errors[None] = "评分标准已有变化，请刷新后重新评分。"
    longest = ScoreSheet._meta.get_field("words").max_length
    if len(words) > longest:
        errors["words"] = f"“评语”有 {len(words)} 字，超过 {longest} 字，请缩短。"
    if errors:
        raise Refused(errors)


def _why_no_points(criterion, points):
    if points is None:
        return f"请给“{criterion.name}”评分。"
    if not (points.is_finite() and 0 <= points <= criterion.weight):
        return f"“{criterion.name}”应在 0 到 {criterion.weight} 分之间，请改正。"
    if points != points.quantize(TENTH):
        return f"“{criterion.name}”最多一位小数，如 {points.quantize(TENTH)}。"
    return ""


def _stored(points):
    """As text: JSON has no decimals of its own."""
    return {str(key): str(value.quantize(TENTH)) for key, value in points.items()}


# Findings


def add_finding(*, by, stop, kind, text, problem=None, form_key=None):
    """What was seen at a stop; None when this form has been sent before.

    A defect is raised as a problem at once, with `problem` {kind, measure, deadline, unit (optional)}. What the office
    finds is assigned to the unit in the same step; what judges find waits for the office.
    """
    try:
        with transaction.atomic():
            return _add_finding(by, stop, kind, text.strip(), problem, form_key)
    except IntegrityError:
        # The same form sent twice at once: the other one's change set won.
        if _was_sent(by, form_key):
            return None
        raise


def _was_sent(by, form_key):
    return form_key is not None and ChangeSet.objects.filter(form_key=form_key, by=by).exists()


def _add_finding(by, stop, kind, text, problem, form_key):
    changes.take_turn(by.county_id)
    if _was_sent(by, form_key):
        return None
    stop = _locked(stops_noted_by(by), stop)
    _refuse_bad_finding(kind, text)
    change_set = _begin(by, stop, f"记录{Finding.Kind(kind).label}“{text[:60]}”", form_key)
    row = Finding(stop=stop, kind=kind, text=text, at=change_set.at, by=by)
    if kind == Finding.Kind.DEFECT:
        row.problem = _raise(change_set, stop, text, problem or {})
    row.save(force_insert=True)
    return row


def _refuse_bad_finding(kind, text):
    longest = Finding._meta.get_field("text").max_length
    if kind not in Finding.Kind.values:
        raise Refused({"kind": "请选择“亮点”或“问题”。"})
    if not text:
        raise Refused({"text": "请写明看到了什么。"})
    if len(text) > longest:
        raise Refused({"text": f"“内容”有 {len(text)} 字，超过 {longest} 字，请缩短。"})


def _raise(change_set, stop, text, problem):
    if not problem.get("deadline"):
        raise Refused({"deadline": "请填写整改时限。"})
    try:
        return problem_actions.raise_within(change_set, stop.plan.project, text=text, **problem)
    except problem_actions.Refused as refused:
        raise Refused(str(refused)) from None


def drop_finding(*, by, finding):
    """Take a strength off again, by who wrote it or the office. A defect is a problem, and ends as problems do."""
    with transaction.atomic():
        changes.take_turn(by.county_id)
        stop = _locked(stops_noted_by(by), finding.stop)
        row = Finding.objects.filter(pk=finding.pk).first()
        if row is None:
            return
        if row.kind == Finding.Kind.DEFECT:
            raise Refused("问题已经登记，不能删去；请在问题页办理或修改。")
        if row.by_id != by.pk and not has_right(by, Right.RUN_ROUNDS):
            raise Refused("这条发现是别人记录的，请由记录人或项目办删去。")
        _begin(by, stop, f"删去亮点“{row.text[:60]}”", None)
        row.delete()


# Photos


def add_photo(*, by, stop, upload, upload_key, caption=""):
    """As `pictures.add`, which asks again under its lock whether the round is open."""
    row = stops_noted_by(by).get(pk=stop.pk)
    return pictures.add(
        by=by, upload=upload, upload_key=upload_key, stop=row, caption=caption, refuse=_refuse_unless_open
    )


def delete_photo(*, by, photo):
    stops_noted_by(by).get(pk=photo.stop_id)
    if photo.uploaded_by_id != by.pk and not has_right(by, Right.RUN_ROUNDS):
        raise Refused("这张照片是别人上传的，请由上传人或项目办删去。")
    return pictures.delete(by=by, photo=photo, refuse=_refuse_unless_open)


def _begin(by, stop, summary, form_key):
    told = f"{stop.round}·{stop.plan.project}：{summary}"
    county = stop.round.county
    return changes.begin(ChangeSet.Kind.INSPECTION, county=county, by=by, summary=told, form_key=form_key)
