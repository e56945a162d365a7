"""Accounts: who signs in. What an account may do comes from its grants."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin):
    """`last_login` is not kept: the audit book and the sessions say enough."""

    last_login = None
    username = models.CharField(_("User name"), max_length=60, unique=True)
    full_name = models.CharField(_("Full name"), max_length=120)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    email = models.EmailField(_("E-mail"), blank=True, default="", db_default="")
    # The daily digest: counts and links, for accounts with an e-mail only.
    wants_digest = models.BooleanField(default=True, db_default=True)
    language = models.CharField(max_length=5, blank=True)
    must_change_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    # A phone was reported lost then: what it had kept before is wiped when somebody signs in on it again.
    devices_wiped_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """In the admin stewards read everything and edit the small reference tables; its classes decide which."""
        return bool(self.is_active and self.is_staff)

    def has_module_perms(self, app_label: str) -> bool:
        return bool(self.is_active and self.is_staff)
