"""A small Stripe on the loopback, for development, the demo and tests: `python -m shop.dev.stripe_sim`. README.md says what it does.

It is a separate process that speaks Stripe's HTTP; product code has no branch for it, only other addresses in its settings.
"""
