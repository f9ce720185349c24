"""How allauth's doors open in this shop: its mails are ours, its forms too."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    pass
