"""How fast the shop is, as ratios taken in one run.

Absolute figures move with the machine, so each is set beside two limits measured in the same run, on the same servers:
a bare one-line Django view behind the same web server, and PostgreSQL's own rate of commits (pgbench).
"""
