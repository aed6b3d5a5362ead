"""Every table, known together: what migrations, backups and checks go over."""

from consult.accounts import models as accounts
from consult.analysis import models as analysis
from consult.audit import models as audit
from consult.coding import models as coding
from consult.consultations import models as consultations
from consult.db import Base
from consult.forum import models as forum
from consult.forum import writing_models as writing
from consult.forum.grouping import models as grouping
from consult.incentives import models as incentives
from consult.moderation import models as moderation
from consult.panel import models as panel
from consult.recruitment import models as recruitment
from consult.summaries import models as summaries
from consult.surveys import models as surveys
from consult.web import models as web
from consult.weighting import models as weighting

FEATURES = (
    accounts,
    analysis,
    audit,
    coding,
    consultations,
    forum,
    grouping,
    incentives,
    moderation,
    panel,
    recruitment,
    summaries,
    surveys,
    web,
    weighting,
    writing,
)
METADATA = Base.metadata
