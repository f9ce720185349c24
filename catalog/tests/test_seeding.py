import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from catalog.models import Category, Product, ProductSearch
from catalog.seeding import LEAVES, seed
from shop.core import integrity

pytestmark = pytest.mark.django_db


def test_adds_products_that_can_be_found_and_books_that_are_right(client):
    assert seed(60) == 60
    assert ProductSearch.objects.filter(is_listed=True).count() == 60
    assert Category.objects.filter(slug__startswith="synthetic-").count() == LEAVES
    assert client.get("/products/synthetic-3/").status_code == 200
    page = client.get("/c/synthetic/")
    assert page.status_code == 200 and "Finish" in page.text and 'name="f-brand"' in page.text
    assert not any(integrity.run(["N01", "N02", "N03"]).values())


def test_goes_on_where_it_stopped():
    seed(5)
    seed(5)
    assert Product.objects.count() == 10


def test_a_dry_run_writes_nothing(capsys):
    call_command("seed_catalog", products=100, dry_run=True)
    assert "Would add 100" in capsys.readouterr().out
    assert not Product.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_large_one_is_shown_by_several_processes():
    told = connection.settings_dict
    here = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    answer = subprocess.run(
        [sys.executable, "manage.py", "seed_catalog", "--products=2100", "--processes=2"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "shop.settings_test", "DATABASE_URL": here},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0 and "2100 products added" in answer.stdout, answer.stderr
    assert ProductSearch.objects.filter(is_listed=True).count() == 2100
    assert not any(integrity.run(["C01", "C04", "C05"]).values())
