"""What the weekly tasks send: one card, or a unit's fifteen, as the product's page and as a plain formset want it."""

from urllib.parse import urlencode

from benchmarks.tasks import PLAIN, SAVE_ONE, YEAR

WEEK = 52
TOKEN = "a" * 32
READ = """
    SELECT report.id, report.plan_id, report.row_version FROM portfolio_weeklydispatch report
    JOIN portfolio_annualplan plan ON plan.id = report.plan_id
    JOIN portfolio_project project ON project.id = plan.project_id
    WHERE report.year = %d AND report.week = %d AND project.unit_id = (
        SELECT unit_id FROM accounts_user WHERE username = 'bench-reporter'
    ) ORDER BY report.plan_id
"""
REOPEN = "UPDATE portfolio_weeklydispatch SET state = 'draft' WHERE id IN (%s)"


class WeeklyPosts:
    """`run(sql)` gives the rows of a statement in the measured database. `of(task)` makes one more request ready."""

    def __init__(self, run):
        self.run = run
        self.turn = 0

    def of(self, task):
        """The body of the next POST; the unit's fifteen are drafts again, and what is typed is new."""
        self.turn += 1
        reports = self.run(READ % (YEAR, WEEK))
        self.run(REOPEN % ", ".join(str(report[0]) for report in reports))
        make = self._of_formset if task.contender == PLAIN else self._of_page
        return urlencode({**make(task, reports), "csrfmiddlewaretoken": TOKEN})

    def _boxes(self):
        words = f"主体工程已经完工，正在安装第{self.turn}批设备，室外管网完成过半。"
        return {"ytd_investment": 5200, "works_percent": 97, "progress": words, "next_plan": "继续安装设备。"}

    def _of_page(self, task, reports):
        if task.page == SAVE_ONE:
            (_, plan, version), *_ = reports
            boxes = {"version": version, **self._boxes()}
            return {"do": "save", **{f"p{plan}-{name}": value for name, value in boxes.items()}}
        versions = {f"p{plan}-version": version for _, plan, version in reports}
        return {"do": "submit_all", **versions}

    def _of_formset(self, task, reports):
        if task.page == SAVE_ONE:
            return {"pk": reports[0][0], **self._boxes()}
        data = {"form-TOTAL_FORMS": len(reports), "form-INITIAL_FORMS": len(reports)}
        for number, (pk, *_) in enumerate(reports):
            data |= {f"form-{number}-{name}": value for name, value in {"id": pk, **self._boxes()}.items()}
        return data
