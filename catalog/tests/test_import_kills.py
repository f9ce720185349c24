"""An import is killed half-way (SIGKILL at a fault point, in a process of its own) and run again; two run at once."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings as django_settings
from django.db import connection

from catalog.importing import planning, running
from catalog.models import ImportItem, Movement, Product, ProductSearch, Variant
from catalog.tests.factories import make_location
from catalog.tests.importing import counts, exported, imported, table, uploaded
from shop.core import integrity
from shop.core.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "slug,name,status,categories,sku,price,stock"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_location()


def lines(n, price="12.50"):
    return table(
        HEAD, *(f"mug-{i},Mug {i},active,Home > Mugs {i % 3},MUG-{i},{price},{i % 9}" for i in range(n))
    )


def in_a_process(run, **environment):
    told = connection.settings_dict
    host = f"{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}"
    program = (
        "import django; django.setup(); from catalog.models import ImportRun; from catalog.importing import running;"
        f"running.CHUNK = 20; running.work(ImportRun.objects.get(pk={run.pk}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=django_settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "shop.settings_test",
            "DATABASE_URL": f"postgres://{host}/{told['NAME']}",
        }
        | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_killed_half_way_and_run_again_ends_like_one_that_was_not(tmp_path):
    """F15. The first chunk is written whole, the second not at all; what is missing comes once."""
    control = imported(lines(60))
    expected, wanted = exported(), counts(control)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_product, catalog_category, catalog_importrun, core_event CASCADE")

    run = uploaded(lines(60))
    running.start(run)
    process = in_a_process(run, SHOP_FAULTS="import.written:kill")
    assert process.wait(60) == -signal.SIGKILL, process.stderr.read()
    assert Product.objects.count() == 20 == run.items.exclude(outcome="").count()
    assert run.items.filter(is_shown=False).count() == 20 and not ProductSearch.objects.exists()

    process = in_a_process(run, SHOP_FAULTS="import.chunk:kill")
    assert process.wait(60) == -signal.SIGKILL, process.stderr.read()
    assert Product.objects.count() == 20 and ProductSearch.objects.count() == 20

    assert running.work(run)
    run.refresh_from_db()
    assert counts(run) == wanted and run.status == "done"
    assert exported() == expected
    assert Event.objects.filter(name="product.imported").count() == 60
    assert Movement.objects.filter(reason=f"import {run.pk}").count() == len([i for i in range(60) if i % 9])
    assert not any(integrity.run().values())


def test_a_file_killed_while_it_is_laid_out_is_laid_out_again():
    run = uploaded(lines(30))
    running.start(run)
    process = in_a_process(run, SHOP_FAULTS="import.laid_out:kill")
    assert process.wait(60) == -signal.SIGKILL, process.stderr.read()
    assert not ImportItem.objects.exists()
    assert running.work(run) and Product.objects.count() == 30


def test_two_processes_share_a_run_and_do_nothing_twice():
    run = uploaded(lines(80))
    running.start(run)
    processes = [in_a_process(run), in_a_process(run)]
    assert [process.wait(90) for process in processes] == [0, 0]
    run.refresh_from_db()
    assert run.status == "done" and counts(run) == {"created": 80}
    assert Event.objects.filter(name="product.imported").count() == 80
    assert not any(integrity.run().values())


def at_once(one, other):
    """Both runs in threads of their own; the errors they ended in."""
    ended = []

    def go(run):
        try:
            running.work(run)
        except Exception as error:
            ended.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[run]) for run in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ended


def overlapping(monkeypatch):
    """The most chunks that were being compared and written at the same moment, of two runs of the same products."""
    inside, most = [], []
    plan = planning.plan

    def slow(run, items, **options):
        inside.append(run.pk)
        most.append(len(set(inside)))
        threading.Event().wait(0.3)
        try:
            return plan(run, items, **options)
        finally:
            inside.remove(run.pk)

    monkeypatch.setattr(running.planning, "plan", slow)
    runs = [uploaded(lines(10, price)) for price in ("12.50", "13.50")]
    for run in runs:
        running.start(run)
        running.lay_out_now(run)
    ended = at_once(*runs)
    return max(most), ended


def test_two_runs_of_the_same_products_never_interleave(monkeypatch):
    assert overlapping(monkeypatch) == (1, [])
    assert Product.objects.count() == 10
    assert Variant.objects.values_list("price_minor", flat=True).distinct().count() == 1
    assert not any(integrity.run(["N01", "N02", "N03", "C03"]).values())


def test_without_the_lock_they_would(monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(running, "TAKE_TURNS", "SELECT %s")
    assert overlapping(monkeypatch)[0] == 2
