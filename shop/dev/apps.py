from django.apps import AppConfig


class DevConfig(AppConfig):
    name = "shop.dev"
    label = "dev"
