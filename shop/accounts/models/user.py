from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.core import locks


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Made by an operator, who vouches for the address: the first one cannot wait for a mail to confirm it."""
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        return user.vouch_for_email()

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail: shopper or staff."""

    LOCK_RANK = locks.PERSON

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    name = models.CharField(_("full name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    seller = models.ForeignKey(
        "accounts.Seller",
        models.PROTECT,
        verbose_name=_("seller"),
        related_name="staff",
        null=True,
        blank=True,
        help_text=_("Works for this seller and sees nothing else. Empty: works for the shop."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        constraints = [
            models.UniqueConstraint(
                Upper("email"),
                name="user_email_once_in_any_case",
                violation_error_message=_("This address has an account already."),
            ),
            models.CheckConstraint(
                condition=Q(seller=None) | Q(is_superuser=False), name="user_of_a_seller_is_no_operator"
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def vouch_for_email(self) -> "User":
        """The address counts as confirmed, without a mail."""
        from allauth.account.models import EmailAddress

        said = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=self, email=self.email, defaults=said)
        return self

    def get_full_name(self):
        return self.name or self.email

    def get_short_name(self):
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]
