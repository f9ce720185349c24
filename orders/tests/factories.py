"""Orders for tests of this app: see shop/tests/walk.py, whose operations make them."""

from shop.tests.walk import COD, make_order, pay, place

__all__ = ["COD", "make_order", "pay", "place"]
