"""A small Stripe on the loopback, for development, the demo and tests: `python -m shop.dev.stripe_sim --port 12111`.
README.md beside this file says what it does and how it is told to misbehave.

It is a separate process that speaks Stripe's HTTP; product code has no branch for it, only other addresses in its settings.
"""
