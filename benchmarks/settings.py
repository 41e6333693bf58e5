"""The product's own settings, plus what its peers need; so all are served by the same processes."""

from qinyuan_projects.settings import *  # noqa: F403 (a settings file is a list of names)
from qinyuan_projects.settings import INSTALLED_APPS, TEMPLATES, VAR_DIR

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin", "benchmarks"]
TEMPLATES = [{**TEMPLATES[0], "APP_DIRS": True}, *TEMPLATES[1:]]
ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = VAR_DIR.parent / "static"
