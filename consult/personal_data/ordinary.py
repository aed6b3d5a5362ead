"""Words that are nobody's name: days, months, and the ordinary words of people who write about a place.

Beside a way to find somebody an ordinary word stays where it is written small or begins a sentence; in the
middle of a sentence and with a capital it is taken for a name (Zara Brown), unless it is one of ``CAPITAL``.
"""

DAYS_AND_MONTHS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
    fridays saturdays sundays january february march april june july august september october
    november december christmas easter
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
ORDINARY = DAYS_AND_MONTHS | frozenset(
    """
    i i'm i'd i've i'll im ive id a an the this that these those there here it its it's is are was
    were be been being am do does did done don't doesn't didn't have has had having haven't hasn't
    can can't cannot could couldn't should shouldn't would wouldn't won't might must shall let lets
    let's and or but nor so because if when while where why how what which who whom whose than then
    though although until unless since before after again once also too as at by for from in into of
    off on onto out over to under up upon with within without about above across against along among
    around behind below beneath beside between beyond down during near past per through throughout
    towards via my me mine we us our ours you your yours he him his she her hers they them their
    theirs myself yourself ourselves themselves someone somebody anyone anybody everyone everybody
    nobody people person all any both each every either neither few many more most much less least
    several some such other another same own only just even ever never always often sometimes
    usually still yet already soon now today tomorrow yesterday tonight later early late not no yes
    ok okay please thanks thank hello hi dear regards cheers sorry kind best love sincerely
    faithfully very quite rather really perhaps maybe probably certainly actually especially
    generally mostly almost enough far first second third last next new old good bad better best
    worse worst big small little large great nice safe safer dangerous dirty clean cleaner quiet
    noisy loud busy empty dark long short high low full open closed free cheap dear expensive easy
    hard true wrong right left local main own like liked likes want wants wanted need needs needed
    think thinks thought feel feels felt know knows knew see sees saw seen look looks looked hear
    heard say says said tell tells told ask asks asked speak talk call called calls phone telephone
    tel mobile mob number num no ring rang text txt email e-mail mail write writes contact reach
    message whatsapp fax home work office address postcode post code live lives lived living work
    works worked working go goes going went gone come comes coming came get gets getting got give
    gives gave given take takes took taken make makes making made put keep keeps kept stay use uses
    used using help helps helped stop stops stopped start starts started try tries tried leave
    leaves close closes shut shuts find finds found bring brings buy pay pays paid cost costs lose
    loses lost walk walks walking drive drives driving park parks parking run runs running sleep
    sleeping sit play playing fix fixed sort build built ban bans banned allow allows allowed cut
    cuts repair cross crossing check add added send sends sent reply answer turn hate hates love
    loves miss follow join vote remove please mind care cause happen happens happened change changes
    changed worry worries worried hope fear agree disagree believe support oppose suggest consider
    visit meet wait waiting turn move time times day days week weeks weekend weekends month months
    year years hour hours minute minutes morning mornings afternoon evening evenings night nights
    nighttime daytime summer winter spring autumn place places area areas town city village council
    councillor councillors government nhs mp police gp uk england britain road roads street streets
    lane bus buses train trains car cars bike bikes traffic pavement pavements shop shops shopping
    pub pubs bar bars club clubs restaurant restaurants cafe school schools library libraries
    hospital surgery house houses flat flats home homes door doors window windows garden gardens
    neighbour neighbours neighbourhood family families child children kids son daughter mother
    father mum dad wife husband partner friend friends baby man woman men women boy girl resident
    residents landlord tenant noise music rubbish litter bins drink drinking drunk alcohol licence
    licences licensing hours opening late-night money tax rent jobs job business businesses staff
    service services plan plans money idea ideas thing things something anything nothing everything
    way ways lot lots bit part end side back front reason problem problems question answer point
    fact case sort kind example instance english british scottish welsh irish polish indian
    pakistani bangladeshi chinese european african asian american muslim christian jewish hindu sikh
    catholic buddhist black white brown gay lesbian straight disabled retired unemployed single
    married pensioner blind deaf elderly young god bless jesus lord one two three four five six
    seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million half
    double nought zero pm am st nd rd th miles mile km mph everyday however therefore otherwise
    instead overall finally firstly secondly additionally also tv dvd bbc covid mot vat abc ps nb
    asap fyi cctv hmo hmos co2 dr mr mrs ms miss mx prof absolutely angry tired scared afraid happy
    sad glad upset fed sick ill well fine sure unsure proud lucky against pro anti concerned
    frightened annoyed pleased grateful aware interested able unable its whats wheres heres theres
    dont cant wont isnt arent wasnt didnt doesnt number nr extension ext handle insta instagram
    facebook twitter tiktok snapchat nan gran grandad brother sister uncle aunt cousin colleague
    carer nurse doctor teacher driver worker account sort code card reg registration plate plates dob birth
    passport expiry exp username handle reference policy opposite flat
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)

# Ordinary when they are written small, and names with a capital.
SMALL = frozenset(
    """
    will may mark bill art grant rose faith grace rich frank pat
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
# They have a capital wherever they stand.
CAPITAL = DAYS_AND_MONTHS | frozenset(
    """
    i i'm i'd i've i'll im ive ok nhs uk gp mp tv bbc covid cctv mot vat hmo hmos dr mr mrs ms miss
    mx prof god england britain scottish welsh irish polish indian pakistani bangladeshi chinese
    european african asian american british muslim jewish hindu sikh catholic buddhist tel phone
    telephone mobile mob email e-mail call text ring whatsapp facebook instagram twitter tiktok
    snapchat regards thanks yours many ps st rd
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
# Ordinary as the first word of a sentence, unless a name follows at once: Hope Testperson.
FIRST_NAMES_TOO = frozenset(
    """
    hope love summer autumn christian jesus young brown black white joy faith grace rose will mark may
    dawn april june august bill art grant rich frank pat jack sunny sandy
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)

# What nobody is called, also not with a capital: the small words that hold sentences together.
FUNCTION = CAPITAL - DAYS_AND_MONTHS - {"british", "scottish", "welsh", "irish", "many", "st"} | frozenset(
    """
    a an the this that these those there here it its it's is are was were be been being am do does did done
    don't doesn't didn't have has had having can can't cannot could couldn't should shouldn't would wouldn't
    won't might must shall let let's and or but nor so because if when while where why how what which who
    whom whose than then though although until unless since before after again once also too as at by for
    from in into of off on onto out over to under up upon with within without about above across against
    along among around behind below beneath beside between beyond during near past per through throughout
    towards via my me mine we us our ours you your yours he him his she her hers they them their theirs
    myself yourself someone somebody anyone anybody everyone everybody nobody all any both each every either
    neither more most much less not no yes okay please thanks thank hello hi regards cheers sorry just only
    even ever never always often sometimes usually still yet already now today tomorrow yesterday tonight
    very quite rather really perhaps maybe dont cant wont isnt wasnt didnt its whats theres sincerely
    faithfully lives lived live says said wants told thinks keeps plays leaves makes went goes
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
