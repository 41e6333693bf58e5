import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qinyuan_projects.settings")

application = get_wsgi_application()
# All views are imported before workers are forked: a new worker's first request would wait half a second for them.
import_module(settings.ROOT_URLCONF)
