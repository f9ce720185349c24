from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from checkout.gateways import system_checks  # noqa: F401
