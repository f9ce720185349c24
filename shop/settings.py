"""Settings, section by section. Every value comes from the environment; `.env.example` names and explains each.

SHOP_ENV is `development`, `test` or `production`. Production has no defaults for what must be secret or true: a missing
value stops the start with its name.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where we are -----------------------------------------------------------------------------------------

SHOP_ENV = env("SHOP_ENV", default="development")
if SHOP_ENV not in ("development", "test", "production"):
    raise ImproperlyConfigured("SHOP_ENV is development, test or production.")
PRODUCTION = SHOP_ENV == "production"


def required(name: str, default: str) -> str:
    """The value of `name`; `default` serves everywhere but in production, which fails loudly."""
    value = env(name, default="") or ("" if PRODUCTION else default)
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment: production has no default for it.")
    return value


def one_of(name: str, default: str, *others: str) -> str:
    """The value of `name`, which must be one that the shop knows."""
    value = env(name, default=default)
    if value not in (default, *others):
        raise ImproperlyConfigured(f"{name} is {' or '.join((default, *others))}, not {value}.")
    return value


DEBUG = env.bool("SHOP_DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "development-only-" + "0" * 50)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SHOP_URL = required("SHOP_URL", "http://127.0.0.1:8000").rstrip("/")
SHOP_DATA = Path(env("SHOP_DATA", default=str(BASE_DIR / ".data")))
SHOP_ROLE = env("SHOP_ROLE", default="command")  # web, worker or command: decides the time limits of queries
SHOP_IS_SECURE = SHOP_URL.startswith("https://")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("SHOP_DEBUG must be off in production.")
if PRODUCTION and env("SHOP_FAULTS", default=""):
    raise ImproperlyConfigured("SHOP_FAULTS makes the shop die on purpose: unset it in production.")

_host = urlsplit(SHOP_URL).hostname
ALLOWED_HOSTS = env.list(
    "SHOP_ALLOWED_HOSTS", default=[_host] if PRODUCTION else [_host, "127.0.0.1", "localhost"]
)
CSRF_TRUSTED_ORIGINS = [SHOP_URL]

# --- Apps -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "treebeard",
    "csp",
    "shop",
    "shop.core",
    "shop.accounts",
    "catalog",
    "cart",
    "checkout",
    "orders",
    "fulfillment",
    "support",
]
if not PRODUCTION:
    INSTALLED_APPS.append("shop.dev")

MIDDLEWARE = [
    "shop.core.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.core.middleware.headers",
    "shop.core.doorway.middleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.core.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shop.core.middleware.largest_body",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shop.core.maintenance.middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shop.core.middleware.TooManyTries",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.core.context.shop",
                "catalog.context.navigation",
            ],
        },
    }
]

# --- PostgreSQL -------------------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url_config(required("DATABASE_URL", "postgres://till:till@127.0.0.1:5432/till"))
}
_seconds = {"web": 5, "worker": 60, "command": 0}[SHOP_ROLE]
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60 if SHOP_ROLE == "web" else 0,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {
        "connect_timeout": 3,
        "options": f"-c statement_timeout={_seconds}s -c lock_timeout=3s"
        f" -c idle_in_transaction_session_timeout={_seconds * 2}s",
    },
}

# --- Redis or Valkey: cache and wake-up; nothing that may not be lost -------------------------------------

REDIS_URL = required("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "shop.core.cache.FailOpenRedisCache", "LOCATION": REDIS_URL, "TIMEOUT": 300}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SHOP_PAGE_CACHE_SECONDS = env.int("SHOP_PAGE_CACHE_SECONDS", default=30)

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 1 if SHOP_ROLE == "web" else 5,
    "socket_connect_timeout": 1,
    "max_retries": 0,  # a page that wakes a worker does not wait for a broker that is away
}

# --- People -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
ACCOUNT_ADAPTER = "shop.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "shop.accounts.forms.LoginForm",
    "signup": "shop.accounts.forms.SignupForm",
    "add_email": "shop.accounts.forms.AddEmailForm",
    "change_password": "shop.accounts.forms.ChangePasswordForm",
    "reset_password": "shop.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "shop.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "shop.accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
PASSWORD_RESET_TIMEOUT = 3600  # seconds
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SHOP_IS_SECURE else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SHOP_PROXIES", default=0)

# --- Language, time, money --------------------------------------------------------------------------------

SPOKEN = {"en": _("English"), "de": _("German")}
LANGUAGES = [(code, SPOKEN[code]) for code in env.list("SHOP_LANGUAGES", default=["en"])]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["shop.formats"]
TIME_ZONE = env("SHOP_TIME_ZONE", default="Europe/Vienna")

# --- Files ------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shop.core.assets.MadeFinder",
]
STATIC_ROOT = SHOP_DATA / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = SHOP_DATA / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": SHOP_DATA / "private"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Where the proxy in front keeps SHOP_DATA/private for X-Accel-Redirect, e.g. "/private/"; empty: downloads are streamed.
SHOP_ACCEL_REDIRECT = env("SHOP_ACCEL_REDIRECT", default="")
SHOP_SERVES_MEDIA = env.bool("SHOP_SERVES_MEDIA", default=not PRODUCTION)  # else a reverse proxy does
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Pictures are fetched from public addresses only, and from these, each "number:port": a warehouse's own server, say.
SHOP_FETCH_ALLOWED = env.list("SHOP_FETCH_ALLOWED", default=[])
SHOP_BODY_MAX_MB = env.int("SHOP_BODY_MAX_MB", default=20)  # of what a visitor may send at once
SHOP_STAFF_BODY_MAX_MB = env.int("SHOP_STAFF_BODY_MAX_MB", default=500)  # of what sellers may

# --- Mail -------------------------------------------------------------------------------------------------

if PRODUCTION or env("EMAIL_URL", default=""):
    vars().update(env.email_url_config(required("EMAIL_URL", "")))
else:
    EMAIL_BACKEND = "shop.dev.mailbox.MailboxBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = required("SHOP_MAIL_FROM", "Isoline <hello@isoline.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Stripe -----------------------------------------------------------------------------------------------

SHOP_STRIPE_SECRET_KEY = env("SHOP_STRIPE_SECRET_KEY", default="")
SHOP_STRIPE_PUBLISHABLE_KEY = env("SHOP_STRIPE_PUBLISHABLE_KEY", default="")
SHOP_STRIPE_WEBHOOK_SECRETS = env.list("SHOP_STRIPE_WEBHOOK_SECRETS", default=[])
SHOP_STRIPE_API_BASE = env("SHOP_STRIPE_API_BASE", default="https://api.stripe.com")
SHOP_STRIPE_JS_URL = env("SHOP_STRIPE_JS_URL", default="https://js.stripe.com/v3/")
SHOP_STRIPE_CHECKOUT_BASE = env("SHOP_STRIPE_CHECKOUT_BASE", default="https://checkout.stripe.com")
SHOP_STRIPE_TIMEOUT = tuple(env.list("SHOP_STRIPE_TIMEOUT", cast=float, default=[3.0, 10.0]))
SHOP_STRIPE_MAX_NETWORK_RETRIES = env.int("SHOP_STRIPE_MAX_NETWORK_RETRIES", default=2)
SHOP_STRIPE_WEBHOOK_TOLERANCE = env.int("SHOP_STRIPE_WEBHOOK_TOLERANCE", default=300)
SHOP_STRIPE_CAPTURE = one_of("SHOP_STRIPE_CAPTURE", "automatic", "manual")
SHOP_STRIPE_METHODS = env.list("SHOP_STRIPE_METHODS", default=["auto"])  # or e.g. card,sepa_debit
SHOP_STRIPE_STATEMENT_SUFFIX = env("SHOP_STRIPE_STATEMENT_SUFFIX", default="")
SHOP_STRIPE_RECORD = env("SHOP_STRIPE_RECORD", default="")
if SHOP_STRIPE_SECRET_KEY and not all(SHOP_STRIPE_WEBHOOK_SECRETS or [""]):
    raise ImproperlyConfigured(
        "SHOP_STRIPE_SECRET_KEY is set but SHOP_STRIPE_WEBHOOK_SECRETS is empty: without it anybody could forge a payment."
    )
if SHOP_STRIPE_SECRET_KEY and not SHOP_STRIPE_PUBLISHABLE_KEY:
    raise ImproperlyConfigured("SHOP_STRIPE_PUBLISHABLE_KEY is missing beside SHOP_STRIPE_SECRET_KEY.")

# --- Taxes ------------------------------------------------------------------------------------------------

SHOP_VIES_URL = env("SHOP_VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api").rstrip(
    "/"
)
SHOP_TAX_PROVIDER = one_of("SHOP_TAX_PROVIDER", "table", "stripe")
SHOP_TAX_TIMEOUT = tuple(env.list("SHOP_TAX_TIMEOUT", cast=float, default=[1.0, 3.0]))
SHOP_VIES_TIMEOUT = env.float("SHOP_VIES_TIMEOUT", default=10)  # seconds

# --- Carriers ---------------------------------------------------------------------------------------------

# A carrier is offered once it has a client id. The addresses are the carriers' own; a simulator has others.
SHOP_TRACKING_POLL_MINUTES = env.float(
    "SHOP_TRACKING_POLL_MINUTES", default=30
)  # between two looks at a parcel
SHOP_CARRIER_TIMEOUT = env.float("SHOP_CARRIER_TIMEOUT", default=20)  # seconds for a whole exchange
SHOP_UPS_URL = env("SHOP_UPS_URL", default="https://onlinetools.ups.com")
SHOP_UPS_CLIENT_ID = env("SHOP_UPS_CLIENT_ID", default="")
SHOP_UPS_CLIENT_SECRET = env("SHOP_UPS_CLIENT_SECRET", default="")
SHOP_UPS_ACCOUNT = env("SHOP_UPS_ACCOUNT", default="")  # six letters, as in 1Z numbers
SHOP_UPS_WEBHOOK_CREDENTIAL = env("SHOP_UPS_WEBHOOK_CREDENTIAL", default="")  # our own secret for Track Alert
SHOP_FEDEX_URL = env("SHOP_FEDEX_URL", default="https://apis.fedex.com")
SHOP_FEDEX_CLIENT_ID = env("SHOP_FEDEX_CLIENT_ID", default="")
SHOP_FEDEX_CLIENT_SECRET = env("SHOP_FEDEX_CLIENT_SECRET", default="")
SHOP_FEDEX_ACCOUNT = env("SHOP_FEDEX_ACCOUNT", default="")
# FedEx keeps tracking in a project of its own, with credentials of its own.
SHOP_FEDEX_TRACK_CLIENT_ID = env("SHOP_FEDEX_TRACK_CLIENT_ID", default=SHOP_FEDEX_CLIENT_ID)
SHOP_FEDEX_TRACK_CLIENT_SECRET = env("SHOP_FEDEX_TRACK_CLIENT_SECRET", default=SHOP_FEDEX_CLIENT_SECRET)
SHOP_FEDEX_WEBHOOK_TOKEN = env("SHOP_FEDEX_WEBHOOK_TOKEN", default="")  # the webhook project's security token
for _carrier in ("UPS", "FEDEX"):
    _parts = {part: f"SHOP_{_carrier}_{part}" for part in ("CLIENT_ID", "CLIENT_SECRET", "ACCOUNT")}
    _missing = [name for name in _parts.values() if not globals()[name]]
    if _missing and globals()[_parts["CLIENT_ID"]]:
        raise ImproperlyConfigured(f"{_parts['CLIENT_ID']} is set, but {', '.join(_missing)} is missing.")

# --- Selling ----------------------------------------------------------------------------------------------

SHOP_RESERVATION_MINUTES = env.int("SHOP_RESERVATION_MINUTES", default=15)
SHOP_PAYMENT_RESERVATION_MINUTES = env.int("SHOP_PAYMENT_RESERVATION_MINUTES", default=30)
SHOP_ASYNC_HOLD_DAYS = env.int(
    "SHOP_ASYNC_HOLD_DAYS", default=10
)  # goods kept while a bank debit is under way
SHOP_LATE_PAYMENT = one_of("SHOP_LATE_PAYMENT", "revive_or_refund", "hold")  # or hold: a person decides
SHOP_LAPSING_AUTHORIZATION = one_of("SHOP_LAPSING_AUTHORIZATION", "capture", "show")  # or show: to a person
SHOP_COD_COUNTRIES = env.list("SHOP_COD_COUNTRIES", default=["AT", "DE"])
SHOP_COD_CURRENCY = env("SHOP_COD_CURRENCY", default="EUR")
SHOP_COD_MAX_MINOR = env.int(
    "SHOP_COD_MAX_MINOR", default=30_000
)  # in cents: a refused parcel costs two journeys
SHOP_BANK_IBAN = "".join(
    env("SHOP_BANK_IBAN", default="").split()
).upper()  # bank transfer is offered once it is set
SHOP_BANK_BIC = env("SHOP_BANK_BIC", default="")
SHOP_BANK_HOLDER = env("SHOP_BANK_HOLDER", default="")
SHOP_BANK_CURRENCIES = env.list("SHOP_BANK_CURRENCIES", default=["EUR"])
SHOP_BANK_TRANSFER_DAYS = env.int(
    "SHOP_BANK_TRANSFER_DAYS", default=7
)  # the goods wait so long for the money
SHOP_PAY_REMINDER_MINUTES = env.int(
    "SHOP_PAY_REMINDER_MINUTES", default=15
)  # before the goods go back on sale; a day where days are given to pay
SHOP_CART_DAYS = env.int("SHOP_CART_DAYS", default=30)

# --- Security ---------------------------------------------------------------------------------------------

_prefix = "__Host-" if SHOP_IS_SECURE else ""
SESSION_COOKIE_NAME = _prefix + "sessionid"
CSRF_COOKIE_NAME = _prefix + "csrftoken"
SHOP_CART_COOKIE_NAME = _prefix + "cart"
SHOP_TASTE_COOKIE_NAME = (
    _prefix + "taste"
)  # whose looks and searches these are, or that nothing is to be remembered
SHOP_CURRENCY_COOKIE_NAME = _prefix + "currency"  # only of visitors who chose another than the shop's
SHOP_BALLOT_COOKIE_NAME = _prefix + "ballot"  # which reviews were found helpful; a number drawn by lot
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SHOP_IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shop.core.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = SHOP_IS_SECURE and env.bool("SHOP_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31536000 if SHOP_IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SHOP_IS_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# HSTS preload cannot be undone quickly: it is the operator's own choice.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": (),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-src": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if SHOP_IS_SECURE else {}),
    },
}

# --- The sellers' screens -----------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "Till",
    "SITE_HEADER": "Till",
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": f"{STATIC_URL}img/favicon.svg"}],
    "STYLES": [lambda request: static("css/admin/theme.css")],
    "SCRIPTS": [lambda request: static("js/admin/choosing.js")],
    "SHOW_HISTORY": False,
    "DASHBOARD_CALLBACK": "support.reports.overview.dashboard",
    "SIDEBAR": {"show_search": True, "navigation": "support.reports.menu.navigation"},
    "COLORS": {
        "primary": {
            "50": "#eef6f5",
            "100": "#ddecea",
            "200": "#bcd9d6",
            "300": "#8fc0bb",
            "400": "#5aa29b",
            "500": "#38837d",
            "600": "#1f5f5b",
            "700": "#1a504d",
            "800": "#174340",
            "900": "#143735",
            "950": "#0b2120",
        }
    },
}

# --- Logs -------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "shop.core.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("SHOP_LOG_LEVEL", default="INFO")},
    "loggers": {"stripe": {"level": "WARNING"}},
}
SENTRY_DSN = env("SENTRY_DSN", default="")
if SENTRY_DSN:
    import sentry_sdk

    from shop.core.logs import scrub

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, environment=SHOP_ENV, before_send=scrub)
