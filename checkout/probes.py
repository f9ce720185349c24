"""What `manage.py doctor` tries for this app."""

from checkout.carriers import probes as carriers

__all__ = ["carriers"]
