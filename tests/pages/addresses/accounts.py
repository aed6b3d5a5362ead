"""Staff signing in."""

OPEN = {"staff.accounts.sign_in": "/staff/sign-in", "staff.accounts.signed_out": "/staff/signed-out"}
STAFF = {"staff.accounts.home": "/staff/"}
WALKED = {"staff.accounts.set_up", "staff.accounts.code"}
