"""What `manage.py doctor` tries for this app."""

from checkout.carriers import probes as carriers
from checkout.gateways import probes as gateways

__all__ = ["carriers", "gateways"]
