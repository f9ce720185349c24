"""The settings of shop processes that tests start: those of the shop, without what takes long and proves nothing here.

FAULTS_WITHOUT takes named guards away (weakening.py), FAULTS_VISIBILITY shortens the broker's patience.
"""

import os

from shop.settings import *  # noqa: F403
from shop.settings import CELERY_BROKER_TRANSPORT_OPTIONS, INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "shop.tests.faults.weakening.Weakened"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if seconds := int(os.environ.get("FAULTS_VISIBILITY", "0")):
    CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {
        "visibility_timeout": seconds,
        "unacked_restore_interval": 1,
    }
