from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.core.models import Translated
from shop.core.states import Moves


class ProductQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Product.Status.ACTIVE)

    def with_page(self):
        """What is on sale, and what was: the page of a retired product stays, for old links lead there."""
        return self.filter(status__in=[Product.Status.ACTIVE, Product.Status.RETIRED])


class Product(Translated, Moves):
    """What is sold, in one or several variants. Only catalog/publishing.py changes its status."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("On sale")
        RETIRED = "retired", _("Retired")

    class Kind(models.TextChoices):
        """What happens to stock when a piece is sold."""

        GOODS = "goods", _("Goods in stock")
        BUNDLE = "bundle", _("Set of other products")  # its pieces are those of its parts
        MADE = "made", _("Made to order")  # there is no stock of what does not exist yet
        DIGITAL = "digital", _("Download")
        GIFT_CARD = "gift_card", _("Gift card")

    UNSTOCKED = (Kind.MADE, Kind.DIGITAL, Kind.GIFT_CARD)
    UNSENT = (Kind.DIGITAL, Kind.GIFT_CARD)  # reach the buyer without a parcel

    MOVES = {
        Status.DRAFT: {Status.ACTIVE, Status.RETIRED},
        Status.ACTIVE: {Status.DRAFT, Status.RETIRED},
        Status.RETIRED: {Status.ACTIVE, Status.DRAFT},
    }

    TRANSLATED = (
        "name",
        "short_description",
        "description",
        "search_words",
        "seo_title",
        "seo_description",
    )

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(unique=True, max_length=150)
    type = models.ForeignKey(
        "catalog.ProductType",
        models.PROTECT,
        verbose_name=_("type"),
        related_name="products",
        null=True,
        blank=True,
        help_text=_("Decides which properties are asked for. Save to see those of another type."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.GOODS)
    made_in_days = models.PositiveSmallIntegerField(
        _("made in working days, at most"),
        default=0,
        help_text=_("For what is made to order: the promised day of delivery is later by this much."),
    )
    download_limit = models.PositiveSmallIntegerField(
        _("downloads of each file"),
        default=5,
        help_text=_(
            "How often a buyer may fetch each file; a download that broke off goes on without counting."
        ),
    )
    download_days = models.PositiveSmallIntegerField(
        _("download within days"), default=365, help_text=_("From the payment on. 0: for ever.")
    )
    is_personal = models.BooleanField(
        _("cannot be sent back"),
        default=False,
        help_text=_(
            "Made to the buyer’s own wishes (Directive 2011/83/EU, Art. 16 c). Buyers are told before they buy."
        ),
    )
    short_description = models.CharField(_("in one sentence"), max_length=250, blank=True)
    description = models.TextField(_("description"), blank=True)
    categories = models.ManyToManyField("catalog.Category", related_name="products", blank=True)
    seller = models.ForeignKey(
        "accounts.Seller",
        models.PROTECT,
        verbose_name=_("sold by"),
        related_name="products",
        null=True,
        blank=True,
        db_index=False,  # few have one: see the index below
        help_text=_("Empty: the shop itself."),
    )
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    search_words = models.CharField(
        _("other words"),
        max_length=250,
        blank=True,
        help_text=_("What else people call it when they search, e.g. “poster, wall art”."),
    )
    tax_class = models.CharField(
        _("tax class"), max_length=20, default="standard"
    )  # code of checkout's TaxClass
    country_of_origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    hs_code = models.CharField(_("customs code (HS)"), max_length=12, blank=True)
    seo_title = models.CharField(_("page title"), max_length=70, blank=True)
    seo_description = models.CharField(_("page description"), max_length=160, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(
        _("on sale from"),
        null=True,
        blank=True,
        help_text=_("A draft goes on sale by itself at this moment."),
    )
    retire_at = models.DateTimeField(
        _("retired from"),
        null=True,
        blank=True,
        help_text=_("It is taken off sale for good at this moment."),
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("product"), _("products")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="active") | Q(published_at__isnull=False),
                name="product_active_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(retire_at=None) | Q(retire_at__gt=F("publish_at")),
                name="product_on_sale_before_retired",
                violation_error_message=_("It can be retired only after it went on sale."),
            ),
        ]
        indexes = [
            models.Index(fields=["position", "id"], name="product_by_position"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="product_name_trigrams"),
            models.Index(fields=["seller"], name="product_by_seller", condition=Q(seller__isnull=False)),
            models.Index(
                fields=["publish_at"], name="product_to_publish", condition=Q(publish_at__isnull=False)
            ),
            models.Index(
                fields=["retire_at"], name="product_to_retire", condition=Q(retire_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("catalog:product", args=[self.slug])
