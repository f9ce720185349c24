"""Settings are documented, and production refuses to start half-configured."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
READ = re.compile(r'(?:env(?:\.\w+)?|required|one_of)\(\s*"([A-Z_]+)"')
WHOLE = {
    "SHOP_ENV": "production",
    "SECRET_KEY": "x" * 60,
    "SHOP_URL": "https://shop.example",
    "DATABASE_URL": "postgres://till@localhost/till",
    "REDIS_URL": "redis://localhost/0",
    "EMAIL_URL": "smtp://localhost:25",
    "SHOP_MAIL_FROM": "shop@shop.example",
}


STARTER = """
import json, os, sys, traceback
import celery, django.core.management, django.urls, environ  # what every start needs; each case then begins in a copy
for line in sys.stdin:
    environment, program = json.loads(line)
    sys.stdout.flush()
    if not os.fork():
        os.dup2(1, 2)
        os.environ.clear()
        os.environ.update(environment)
        code = 1
        try:
            exec(program)
            code = 0
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(code)
    print(json.dumps("left with %d" % os.waitstatus_to_exitcode(os.wait()[1])), flush=True)
"""


@pytest.fixture(scope="module")
def starter():
    """A process in which nothing of the shop has begun; each start is a copy of it, so that Django is read only once."""
    command = [sys.executable, "-c", STARTER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=HOUSE, **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def start(starter):
    """`start(NAME=value)`: begin with these settings, None leaves one out; whether it went well, and what was said."""

    def run(program="import django; django.setup()", **over):
        chosen = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "shop.settings", **WHOLE, **over}
        chosen = {name: value for name, value in chosen.items() if value is not None}
        starter.stdin.write(json.dumps([chosen, program]) + "\n")
        starter.stdin.flush()
        said = []
        while not (line := starter.stdout.readline()).startswith('"left with'):
            assert line, "the starter is gone"
            said.append(line)
        return line.strip() == '"left with 0"', "".join(said)

    return run


def test_the_example_names_every_setting():
    documented = set(re.findall(r"^([A-Z_]+)=", (HOUSE / ".env.example").read_text(), re.M))
    assert set(READ.findall((HOUSE / "shop/settings.py").read_text())) <= documented


@pytest.mark.parametrize("missing", [name for name in WHOLE if name != "SHOP_ENV"])
def test_names_what_production_lacks(start, missing):
    well, said = start(**{missing: None})
    assert not well and missing in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"SHOP_DEBUG": "1"},
        {"SHOP_FAULTS": "settle.locked:kill"},
        {"SHOP_ENV": "staging"},
        {"SHOP_STRIPE_CAPTURE": "manuel"},
        {"SHOP_LATE_PAYMENT": "keep"},
        {"SHOP_STRIPE_SECRET_KEY": "sk_live_x", "SHOP_STRIPE_PUBLISHABLE_KEY": "pk_live_x"},
        {
            "SHOP_STRIPE_SECRET_KEY": "sk_live_x",
            "SHOP_STRIPE_PUBLISHABLE_KEY": "pk_live_x",
            "SHOP_STRIPE_WEBHOOK_SECRETS": ",",
        },
        {"SHOP_STRIPE_SECRET_KEY": "sk_live_x", "SHOP_STRIPE_WEBHOOK_SECRETS": "whsec_x"},
    ],
)
def test_refuses_what_is_dangerous(start, wrong):
    well, said = start(**wrong)
    assert not well and "ImproperlyConfigured" in said


@pytest.mark.parametrize(("languages", "plain"), [("de", "/"), ("de,en", "/"), ("en,de", "/de/")])
def test_starts_with_what_production_requires_in_any_first_language(start, languages, plain):
    """The first one has the addresses without a prefix."""
    program = """import django; django.setup()
from django.urls import reverse
from django.utils.translation import gettext, override
with override("de"):
    print(reverse("catalog:home"), gettext("Cart"))
"""
    well, said = start(program, SHOP_LANGUAGES=languages)
    assert well and said.split() == [plain, "Warenkorb"], said
