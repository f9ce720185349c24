"""What `manage.py doctor` tries: each dependency for real, and for each failure what to do.

An app adds its own in a module `probes.py`. A probe returns a line that says what it found, or raises Trouble.
"""

import shutil
from collections.abc import Callable, Iterator

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import autodiscover_modules
from redis import Redis
from redis.exceptions import RedisError

from shop.core.models import Delivery, Message

Probe = Callable[[], str]
_probes: dict[str, Probe] = {}


class Trouble(Exception):
    """`what` is wrong; `remedy` is what the operator does about it. `is_fatal`: the shop cannot sell like this."""

    def __init__(self, what: str, *, remedy: str, is_fatal: bool = True) -> None:
        super().__init__(what)
        self.what, self.remedy, self.is_fatal = what, remedy, is_fatal


def probe(name: str) -> Callable[[Probe], Probe]:
    def register(function: Probe) -> Probe:
        _probes[name] = function
        return function

    return register


def all_probes() -> Iterator[tuple[str, Probe]]:
    autodiscover_modules("probes")
    yield from _probes.items()


@probe("PostgreSQL")
def postgresql() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
            )
            number, version = cursor.fetchone()
    except Exception as error:
        raise Trouble(f"no answer: {error}", remedy="Check DATABASE_URL and that the server runs.") from error
    if number < 150000:
        raise Trouble(f"version {version} is too old", remedy="Use PostgreSQL 15 or newer.")
    return f"version {version}"


@probe("Migrations")
def migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Trouble(f"{len(missing)} not applied", remedy="Run `manage.py migrate`.")
    return "all applied"


@probe("Redis or Valkey")
def redis() -> str:
    server = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        info = server.info("server")
    except (RedisError, OSError) as error:
        remedy = "Check REDIS_URL. The shop sells without it, but slower, and mails wait for the sweeper."
        raise Trouble(f"no answer: {error}", remedy=remedy, is_fatal=False) from error
    cache.set("doctor", "well", 5)
    if cache.get("doctor") != "well":
        raise Trouble("the cache forgets at once", remedy="Check its memory limit.", is_fatal=False)
    return f"version {info.get('valkey_version') or info['redis_version']}"


@probe("Workers")
def workers() -> str:
    try:
        answers = current_app.control.ping(timeout=2)
    except OSError as error:
        raise Trouble("cannot be asked without Redis", remedy="Start Redis first.", is_fatal=False) from error
    if not answers:
        remedy = "Start one: `celery -A shop worker -Q critical,default,mail,media`, or `manage.py run_outbox --loop`."
        raise Trouble("none answers", remedy=remedy)
    return f"{len(answers)} at work"


@probe("Outbox")
def outbox() -> str:
    parked, waiting = Delivery.objects.parked().count(), Delivery.objects.due().count()
    if parked:
        remedy = "Look at them in the admin under Deliveries, mend the cause and retry them."
        raise Trouble(f"{parked} parked after too many failures", remedy=remedy, is_fatal=False)
    return f"{waiting} waiting, none parked"


@probe("Mail")
def mail() -> str:
    try:
        with get_connection(timeout=5):
            pass
    except Exception as error:
        raise Trouble(f"the server refuses: {error}", remedy="Check EMAIL_URL.") from error
    queued = Message.objects.filter(status=Message.Status.QUEUED).count()
    return f"the server answers, {queued} mails queued"


@probe("Files")
def files() -> str:
    for folder in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            (folder / ".doctor").touch()
            (folder / ".doctor").unlink()
        except OSError as error:
            raise Trouble(
                f"cannot write to {folder}", remedy="Give its user the right, or set SHOP_DATA."
            ) from error
    free = shutil.disk_usage(settings.MEDIA_ROOT).free // 2**20
    if free < 500:
        raise Trouble(f"{free} MB left on the disk", remedy="Make room.", is_fatal=False)
    return f"writable, {free // 1024} GB free"
