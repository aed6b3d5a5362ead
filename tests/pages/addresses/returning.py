"""Coming back with a code, and leaving a computer."""

OPEN = {
    "public.returning.enter_code": "/return",
    "public.returning.enter_code closed": "/return?closed=1",
    "public.returning.lost": "/return/lost",
    "public.returning.finished": "/finished",
    "public.returning.hidden": "/hidden",
}
NOT_PAGES = {"public.returning.clear_sheet", "public.returning.closed_sheet"}
