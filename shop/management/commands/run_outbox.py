"""Deliver what waits in the outbox, without Celery or Redis.

manage.py run_outbox           what is due now
manage.py run_outbox --loop    for good: a worker that needs nothing but PostgreSQL
"""

import signal
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from shop.core import outbox


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true")
        parser.add_argument("--queue", default=None, help="only this queue")
        parser.add_argument(
            "--pause", type=float, default=1.0, help="seconds between looks at an empty outbox"
        )

    def handle(self, *args, loop, queue, pause, **options):
        delivered = outbox.deliver_due(queue=queue)
        self.stdout.write(f"{delivered} delivered.")
        if not loop:
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            close_old_connections()
            if not outbox.deliver_due(queue=queue):
                stopped.wait(pause)
