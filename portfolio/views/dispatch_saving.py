"""What a weekly entry sends: the boxes of one card or of all, and an order (save, submit, no change, withdraw).

Without JavaScript the whole page is one form, so whichever button is pressed, every card's text arrives. With it the
boxes of one card are sent as they are typed.
"""

import copy
import re
import uuid

from django.http import Http404

from accounts.access import note_refusal
from portfolio import no_change, reporting
from portfolio.actions import changes, dispatch, photos
from portfolio.cards import bare_cards
from portfolio.forms.dispatch import ReportForm
from portfolio.models import AnnualPlan, Photo, WeeklyDispatch
from portfolio.models.dispatch import NoChange
from portfolio.photos import NotAPhoto
from portfolio.report_checks import warnings

VERSION = re.compile(r"p(\d{1,12})-version", re.ASCII)
EXPLAIN = "请写一句上面黄色提示的原因，再报送。"


class Sent:
    """One POST. After `carry_out` its `cards` {plan pk: Card} carry what came of it.

    `changed` are the keys of the plans whose report has moved to another state.
    """

    def __init__(self, request, week, unit, order):
        self.request, self.week, self.unit, self.order = request, week, unit, order
        self.by, self.data = request.user, request.POST
        self.cards = {card.pk: card for card in bare_cards(self._plans(), week)}
        self.changed = set()
        self.is_stale = False

    def _plans(self):
        """The plans whose boxes were sent; one that this account does not report for is as good as none."""
        pks = {int(match[1]) for name in self.data if (match := VERSION.fullmatch(name))}
        pks |= {self.order.plan} - {None}
        own = AnnualPlan.objects.reportable_by(self.by).filter(year=self.week.year, project__unit=self.unit)
        plans = list(own.filter(pk__in=pks).select_related("project", "county"))
        if len(plans) != len(pks):
            note_refusal(self.request, "不是本单位的项目")
            raise Http404
        return plans

    @property
    def is_clean(self):
        return not any(
            card.refused or card.lacking or card.conflict or (card.form is not None and card.form.errors)
            for card in self.cards.values()
        )

    @property
    def message(self):
        return {"withdraw": "已撤回，可以修改后再报送。", "save": "已保存。", "delete_photo": "已删除照片。"}.get(
            self.order.verb, f"已报送 {len(self.changed)} 项。"
        )

    def carry_out(self):
        if self.order.verb == "withdraw":
            self._withdraw(self.cards[self.order.plan])
            return
        if self.order.verb == "no_change":
            self._nothing_new(self.cards[self.order.plan])
        for card in self.cards.values():
            self._save_boxes(card)
            self._keep_photos(card)
        if self.order.verb == "delete_photo":
            self._delete_photo()
        elif self.order.verb != "save":
            self._submit(self._to_submit())

    def _save_boxes(self, card):
        """Keep what can be read of a card's boxes; what cannot stays in its box with a message."""
        if f"p{card.pk}-version" not in self.data:
            return
        card.form = ReportForm(self.data, card=card)
        card.form.is_valid()
        version = card.form.cleaned_data.get("version", 0)
        if card.form.differs() or version != card.report.row_version:
            self._save(card, card.form.values(), version)

    def _save(self, card, values, version):
        try:
            report = dispatch.save(by=self.by, plan=card.plan, week=self.week, values=values, version=version)
        except changes.StaleRow as stale:
            self._meet(card, stale.current, values)
        except dispatch.Refused as refused:
            card.refused = str(refused)
        else:
            self._hold(card, report)

    def _hold(self, card, report):
        """The report as it is stored now; a form that is shown again goes on from there."""
        report.plan = card.plan
        card.report = report
        card.__dict__.pop("warnings", None)
        if card.form is not None:
            card.form.data = card.form.data.copy()
            card.form.data[card.form.add_prefix("version")] = report.row_version

    def _meet(self, card, current, values):
        """Somebody else saved meanwhile: both texts are shown, and the next save knows of theirs."""
        self.is_stale = True
        label = {name: card.form.fields[name].label for name in values if name in card.form.fields}
        card.conflict = [
            (name, label[name], _text(card, name, value), _text(card, name, getattr(current, name)))
            for name, value in values.items()
            if name in label and getattr(current, name) != value
        ]
        self._hold(card, current)

    def _keep_photos(self, card):
        """Files that came with the page's form, where no script has sent them one by one."""
        for upload in self.request.FILES.getlist(f"p{card.pk}-photo"):
            try:
                photos.add(by=self.by, plan=card.plan, week=self.week, upload=upload, upload_key=uuid.uuid4())
            except (NotAPhoto, dispatch.Refused) as refused:
                card.refused = f"“{upload.name[:40]}”没有保存：{refused}"

    def _delete_photo(self):
        own = Photo.objects.visible_to(self.by).filter(dispatch=self.cards[self.order.plan].report.pk)
        photo = own.filter(pk=self.order.photo).first()
        if photo is None:
            raise Http404
        try:
            photos.delete(by=self.by, photo=photo)
        except dispatch.Refused as refused:
            self.cards[self.order.plan].refused = str(refused)

    def _nothing_new(self, card):
        """The words and figures of 没有变化 take the place of what the card's boxes said."""
        answers = no_change.answers(self.order.reason, card.plan, card.previous)
        data = self.data.copy()
        prefix = f"p{card.pk}-"
        data.setdefault(f"{prefix}version", card.report.row_version)
        data[f"{prefix}week_investment"] = ""
        for name in ("ytd_investment", "works_percent", "progress"):
            data[f"{prefix}{name}"] = "" if answers[name] is None else answers[name]
        if not data.get(f"{prefix}explanation") and self._warned(card, answers):
            data[f"{prefix}explanation"] = answers["progress"]
        self.data = data

    def _warned(self, card, answers):
        """The reason is its own explanation, should nothing have moved for weeks."""
        report = copy.copy(card.report)
        for name, value in answers.items():
            setattr(report, name, value)
        return self.order.reason != NoChange.OTHER and bool(warnings(report, card.compared))

    def _to_submit(self):
        """The named card; else those that have to report, and of the others what has been written."""
        if self.order.plan is not None:
            return [self.cards[self.order.plan]]
        due = reporting.plans_due(self.unit.county, self.week).filter(pk__in=self.cards)
        due = set(due.values_list("pk", flat=True))
        return [card for card in self.cards.values() if card.pk in due or card.report.pk]

    def _submit(self, cards):
        """Submit what was saved whole; what holds a card back is said on it."""
        ready = [card for card in cards if not (card.conflict or card.refused or (card.form and card.form.errors))]
        for card in ready:
            if not card.report.pk:
                card.lacking = dispatch.missing_answers(card.report)
        versions = {card.pk: card.report.row_version for card in ready if card.report.pk}
        if not versions:
            return
        try:
            outcome = dispatch.submit(by=self.by, county=self.unit.county, week=self.week, versions=versions)
        except dispatch.Refused as refused:
            for card in ready:
                card.refused = str(refused)
        else:
            self._tell(outcome)

    def _tell(self, outcome):
        for report in outcome.submitted:
            self._hold(self.cards[report.plan_id], report)
            self.changed.add(report.plan_id)
        for pk, lacking in outcome.incomplete.items():
            self.cards[pk].lacking = lacking
        for pk in outcome.unexplained:
            self.cards[pk].lacking = {"explanation": EXPLAIN}
        for pk, message in outcome.refused.items():
            self.cards[pk].refused = message

    def _withdraw(self, card):
        report = WeeklyDispatch.objects.editable_by(self.by).filter(pk=card.report.pk).first()
        if report is None:
            raise Http404
        try:
            dispatch.withdraw(by=self.by, report=report, version=self.order.version)
        except changes.StaleRow:
            card.refused = "这一项刚被他人修改过，请刷新页面后再撤回。"
        except dispatch.Refused as refused:
            card.refused = str(refused)
        else:
            self.changed.add(card.pk)


def _text(card, name, value):
    """A value as its box writes it; of a choice its label."""
    field = card.form.fields[name]
    if hasattr(field, "choices"):
        return dict(field.choices).get(value, value)
    return "" if value is None else str(field.prepare_value(value))
