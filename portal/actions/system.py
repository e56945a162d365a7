"""The portal itself as one who acts: by this account jobs and the first set-up leave their lines in the audit book."""

from portal.actions.deed import bookkeeping
from portal.lookup import SYSTEM_USERNAME
from portal.models import User


@bookkeeping("the portal's own account is there before anybody's, and nobody signs in with it")
def system_user() -> User:
    found = User.objects.filter(username=SYSTEM_USERNAME).first()
    if found:
        return found
    user = User(username=SYSTEM_USERNAME, full_name="Hệ thống", is_active=False)
    user.set_unusable_password()
    user.save()
    return user
