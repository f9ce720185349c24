from support.admin import faq, tickets

__all__ = ["faq", "tickets"]
