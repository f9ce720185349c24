"""The sellers' menu, in the order of a working day. Whoever may not see a screen does not see its entry."""

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core.admin.site import site

# title of the group, its entries: (title, app.Model, icon)
GROUPS = [
    (
        _("Sell"),
        [
            (_("Orders"), "orders.Order", "receipt_long"),
            (_("Lines sold"), "orders.OrderLine", "list_alt"),
            (_("To send"), "fulfillment.FulfillmentOrder", "inventory"),
            (_("Parcels"), "fulfillment.Shipment", "local_shipping"),
            (_("Returns"), "fulfillment.Return", "assignment_return"),
            (_("Bank transfers"), "orders.Transfer", "account_balance"),
            (_("Gift cards"), "checkout.GiftCard", "card_giftcard"),
            (_("Store credit"), "checkout.StoreCredit", "savings"),
            (_("Tickets"), "support.Ticket", "forum"),
        ],
    ),
    (
        _("Catalogue"),
        [
            (_("Products"), "catalog.Product", "sell"),
            (_("Categories"), "catalog.Category", "account_tree"),
            (_("Prices"), "catalog.PriceList", "percent"),
            (_("Collections"), "catalog.Collection", "collections_bookmark"),
            (_("Stock"), "catalog.StockItem", "warehouse"),
            (_("Places of stock"), "catalog.StockLocation", "location_on"),
            (_("Reviews"), "catalog.Review", "reviews"),
            (_("Review invitations"), "catalog.ReviewInvitation", "rate_review"),
            (_("Questions"), "catalog.Question", "help"),
            (_("Attributes"), "catalog.Attribute", "tune"),
            (_("Searches"), "catalog.SearchedTerm", "query_stats"),
            (_("Synonyms"), "catalog.Synonym", "compare_arrows"),
            (_("Home page"), "catalog.Hero", "image"),
            (_("Recommendations"), "catalog.Recommendation", "recommend"),
            (_("Vetoes"), "catalog.Veto", "block"),
            (_("Feeds"), "catalog.Feed", "rss_feed"),
            (_("Import and export"), "catalog.ImportRun", "upload_file"),
            (_("Changes of many"), "catalog.BulkEdit", "checklist"),
        ],
    ),
    (
        _("People"),
        [
            (_("People"), "accounts.User", "group"),
            (_("Sellers"), "accounts.Seller", "store"),
            (_("Customer groups"), "accounts.CustomerGroup", "groups"),
            (_("Companies"), "accounts.Company", "domain"),
            (_("Roles"), "auth.Group", "badge"),
            (_("Mails"), "core.Message", "mail"),
        ],
    ),
    (
        _("Settings"),
        [
            (_("Shop"), "core.Shop", "storefront"),
            (_("Pages"), "core.Page", "article"),
            (_("Wordings"), "core.Wording", "translate"),
            (_("Frequent questions"), "support.FaqEntry", "quiz"),
            (_("Taxes"), "checkout.TaxZone", "percent"),
            (_("Tax classes"), "checkout.TaxClass", "category"),
            (_("Tax exemptions"), "checkout.TaxExemption", "verified_user"),
            (_("VAT ids"), "checkout.VatCheck", "fact_check"),
            (_("Delivery"), "checkout.ShippingZone", "public"),
            (_("Holidays"), "checkout.Holiday", "event"),
        ],
    ),
    (
        _("Machine room"),
        [
            (_("Payments"), "orders.PaymentAttempt", "credit_card"),
            (_("Refunds"), "orders.Refund", "undo"),
            (_("Bank statements"), "orders.BankStatement", "description"),
            (_("Carts"), "cart.Cart", "shopping_cart"),
            (_("Checkouts"), "checkout.Checkout", "shopping_cart_checkout"),
            (_("Outbox"), "core.Delivery", "outbox"),
            (_("Notices"), "core.Notice", "notifications"),
        ],
    ),
]


def navigation(request) -> list[dict]:
    """As Unfold wants it."""
    groups = [{"title": title, "separator": True, "items": _entries(request, rows)} for title, rows in GROUPS]
    overview = {"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index")}
    shop = {
        "title": _("Open the shop"),
        "icon": "open_in_new",
        "link": reverse("catalog:home"),
        "active": lambda request: False,
    }
    return [{"items": [overview, shop]}, *(group for group in groups if group["items"])]


def _entries(request, rows) -> list[dict]:
    return [
        {"title": title, "icon": icon, "link": reverse(f"admin:{_name(label)}_changelist")}
        for title, label, icon in rows
        if site.get_model_admin(apps.get_model(label)).has_view_permission(request)
    ]


def _name(label: str) -> str:
    meta = apps.get_model(label)._meta
    return f"{meta.app_label}_{meta.model_name}"
