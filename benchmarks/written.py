"""One small business write by the product's own way to write, for the test that kills workers under load."""

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portfolio.actions import changes
from portfolio.models import ChangeSet, Project


@csrf_exempt
@require_POST
def write(request):
    name = request.POST["name"]
    with transaction.atomic():
        mine = changes.begin(ChangeSet.Kind.EDIT, county=request.user.county, by=request.user, summary=name)
        changes.create(mine, [Project(county=request.user.county, name=name)])
    return HttpResponse(name)
