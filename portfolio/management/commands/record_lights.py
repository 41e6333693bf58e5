from django.core.management.base import BaseCommand

from accounts.models import County
from portfolio import reporting
from portfolio.actions import job_runs, week_lights
from portfolio.weeks import Week


class Command(BaseCommand):
    help = "补记今年已过去、尚未记录的各周亮灯；可以每天运行，已记录的不变。"

    def handle(self, **options):
        told = []
        for county in County.objects.all():
            this_week = reporting.this_week(county)
            weeks = [Week(this_week.year, number) for number in range(1, this_week.number)]
            stored = week_lights.record_lights(county=county, weeks=weeks)
            told.append(f"{county.name}：补记了 {stored} 周的亮灯。")
            self.stdout.write(told[-1])
        job_runs.note("record_lights", "".join(told))
