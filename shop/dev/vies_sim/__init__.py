"""The EU's register of VAT ids, simulated: `python -m shop.dev.vies_sim --port N`.

Every id that is asked about is known, unless something else was told: `POST /_sim/answers` with
{"DE136695976": "invalid"} (or an error word of VIES such as "MS_UNAVAILABLE", or "silent" for no answer at all).
Shapes after ec.europa.eu/taxation_customs/vies (REST, "check-vat-number").
"""
