from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"

    def ready(self):
        from catalog.prices import margins
        from checkout.taxing import tax_in_prices

        margins.register(tax_in_prices)
