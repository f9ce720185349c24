"""What differs under test: fast password hashes, mails kept in memory, pages never cached."""

import os

os.environ.setdefault("SHOP_ENV", "test")
os.environ.setdefault("SHOP_URL", "http://testserver")
os.environ.setdefault("SHOP_LANGUAGES", "en,de")

from shop.settings import *  # noqa: F403
from shop.settings import BASE_DIR, CACHES, STORAGES

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SHOP_PAGE_CACHE_SECONDS = 0
MEDIA_ROOT = BASE_DIR / ".data" / "test" / "media"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": STORAGES["private"] | {"OPTIONS": {"location": BASE_DIR / ".data" / "test" / "private"}},
}
CACHES = {
    "default": CACHES["default"] | {"KEY_PREFIX": f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"}
}
