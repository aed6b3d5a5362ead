"""Pages of administrators."""

STAFF = {
    "admin.accounts.home": "/admin/",
    "admin.accounts.add": "/admin/staff/new",
    "admin.accounts.member": "/admin/staff/1",
    "admin.accounts.audit": "/admin/audit",
}
