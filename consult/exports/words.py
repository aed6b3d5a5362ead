"""The words of the codebook: what columns, values and figures mean."""

from collections.abc import Mapping

from consult.consultations.models import Wave
from consult.exports.tables import Cell

ROW_KEY = "Random key of the person, new in every export: it says nothing and joins no two exports"
WAVE_MEANS: Mapping[Cell, str] = {"pre": "starting survey, before the forum", "post": "follow-up, after it"}
SUBMITTED = {
    Wave.PRE: "Whether they sent in the starting survey",
    Wave.POST: "Whether they sent in the follow-up",
}
LOOKS_LIKE_ANOTHER = (
    "Whether the record of either survey looks so much like another one that one person may have taken part"
    " twice: the same answers about the person, at least 4, the same chosen answers to every item, and the"
    " same 10 or more words of their own but for one. A likeness, no proof: all records are in every figure"
)
YES_NO: Mapping[Cell, str] = {"yes": "yes", "no": "no"}
STATUS_MEANS: Mapping[Cell, str] = {
    "answered": "gave an answer",
    "dont_know": "said that they had not made up their mind",
    "prefer_not": "said that they would rather not say",
    "skipped": "saw it and left it out",
    "not_reached": "did not come to it, or did not send that survey in",
}
ARMS: Mapping[Cell, str] = {"forum": "in the forum from the start", "delayed": "later, to compare with"}
MODES: Mapping[Cell, str] = {
    "own": "on their own device",
    "library": "on a library computer",
    "assisted": "with somebody's help",
    "paper": "on paper",
}
NO_ANSWER = "No answer: the status says why"
NO_VALUE = "Not known"
NOT_COMPUTED = "Cannot be computed, or does not apply: comparison_notes says why"

_POINTS, _SHARE, _PEOPLE, _P, _NONE = "points", "share, 0 to 1", "people", "probability, 0 to 1", ""
_INTERVAL = "points, or places of a ranking"

FIGURES: Mapping[str, tuple[str, str]] = {
    "n_pre": ("People who answered before", _PEOPLE),
    "n_post": ("People who answered after", _PEOPLE),
    "n_paired": ("People who answered both times", _PEOPLE),
    "mean_pre": ("Mean before, of everyone who answered then", _INTERVAL),
    "mean_post": ("Mean after, of everyone who answered then", _INTERVAL),
    "mean_pre_paired": ("Mean before, of those who answered both times", _INTERVAL),
    "mean_post_paired": ("Mean after, of those who answered both times", _INTERVAL),
    "mean_change": ("Mean change, after minus before, of those who answered both times", _INTERVAL),
    "sd_change": ("Standard deviation of the changes (n - 1)", _INTERVAL),
    "se_change": ("Standard error of the mean change", _INTERVAL),
    "ci_low": ("Lower end of the 95% interval of the mean change", _INTERVAL),
    "ci_high": ("Upper end of the 95% interval of the mean change", _INTERVAL),
    "t": ("Paired t statistic", _NONE),
    "df": ("Degrees of freedom", _NONE),
    "p_t": ("p-value of the paired t test", _P),
    "w_plus": ("Sum of the ranks of changes upwards (Pratt)", "ranks"),
    "z_pratt": ("Wilcoxon signed-rank statistic (Pratt)", _NONE),
    "p_wilcoxon": ("p-value of the signed-rank test; exact for up to 25 changes", _P),
    "p_sign": ("p-value of the sign test (mid-p)", _P),
    "d_z": ("Mean change in standard deviations of the change", "standard deviations"),
    "d_av": ("Mean change in average standard deviations of before and after", "standard deviations"),
    "g_av": ("d_av with the small-sample correction of Hedges", "standard deviations"),
    "n_up": ("People who gave a higher answer after", _PEOPLE),
    "n_same": ("People who gave the same answer", _PEOPLE),
    "n_down": ("People who gave a lower answer after", _PEOPLE),
    "share_pre": ("Share at or above favour_from before, of everyone who answered then", _SHARE),
    "share_post": ("Share at or above favour_from after, of everyone who answered then", _SHARE),
    "share_change": ("Change of that share, of those who answered both times", "share, -1 to 1"),
    "share_ci_low": ("Lower end of the 95% interval of the change of share", "share, -1 to 1"),
    "share_ci_high": ("Upper end of the 95% interval of the change of share", "share, -1 to 1"),
    "p_mcnemar": ("p-value of McNemar's test of the change of share (mid-p)", _P),
    "delta": ("Smallest change that matters: from the plan, else a sixteenth of the scale", _POINTS),
    "tost_p": ("p-value of the test that the change is smaller than delta", _P),
    "verdict": ("Which of the four sentences the change has earned", _NONE),
    "p_holm": ("p_t corrected for being one of several (Holm)", _P),
    "n_eff": ("Effective number of people; without weights n_paired", _PEOPLE),
    "method": ("Short name of the method", _NONE),
    "dont_know_pre": ("People who had not made up their mind before", _PEOPLE),
    "dont_know_post": ("People who had not made up their mind after", _PEOPLE),
    "stuart_maxwell": ("Stuart-Maxwell statistic: did the totals of the options move?", _NONE),
    "p": ("p-value of the Stuart-Maxwell test", _P),
    "bhapkar": ("Bhapkar statistic", _NONE),
    "p_bhapkar": ("p-value of the Bhapkar test", _P),
    "p_exact": ("Exact p-value, where it can be gone through", _P),
    "gross": ("Share of people who gave a different answer", _SHARE),
    "net": ("Share of people by which the totals moved", _SHARE),
    "dri_pre": ("Deliberative reason index before", "index, -3 to 1"),
    "dri_post": ("Deliberative reason index after", "index, -3 to 1"),
    "dri_adjusted_pre": ("Adjusted reason index before", "index"),
    "dri_adjusted_post": ("Adjusted reason index after", "index"),
    "chance_pre": ("What the index would be by chance alone, before", "index"),
    "chance_post": ("What the index would be by chance alone, after", "index"),
    "excess_pre": ("Index less its chance level, before", "index"),
    "excess_post": ("Index less its chance level, after", "index"),
}
VERDICTS: Mapping[Cell, str] = {
    "moved": "people moved",
    "moved_a_little": "people moved slightly",
    "about_the_same": "views stayed about the same",
    "cannot_tell": "we cannot tell whether views changed",
}
