"""A stand-in for the APIs of UPS and FedEx, for development, the demo and tests: `python -m shop.dev.carrier_sim`.

It speaks the carriers' own wire formats over HTTP on 127.0.0.1, so that the shop differs in nothing but two addresses.
It checks requests as the carriers do, keeps the parcels that it made labels for, and moves them from the label to the
door when it is told to (`/_sim/`, or the page at `/`) or by itself after a set time.
"""
