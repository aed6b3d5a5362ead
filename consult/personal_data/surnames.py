"""Surnames that are seen in small letters beside a first name or a title."""

# Surnames that are words as well: beside a title or a name they are names, also in small letters.
SURNAMES_TOO = frozenset(
    """
    abbey acres akers angel archer arm ash badger baker ball banks bar barber barker barn barrow bath beach
    beard bean beck bell bench berry best bird bishop black blake bland blue bloom bolt bond book booth bowl
    bowler bowman box boy brain brand bridge bridges bright britain broad brook brooke brooks brown browne
    bull burn burns bush butcher butler butter butterfly cable camp canon card carpenter carr carter case
    cash castle chance chandler chapel chase child church churchill clay clerk cliff close coal coats cole
    collier constable cook cooke cooper corner cotton couch court cox crane crisp crook cross crow crown
    curry dale day deacon dean deer dew dickens dime dove down downs drain drake draper drew drinkwater duck
    duke east eastwood elder england english falconer farmer farrow farthing fennel ferry field fielding
    fields finch firth fish fisher flagg flint flower flowers foot ford forest forester fowler fox france
    freeman french friend frost fry fuller fullers gale game garden gardener gardiner gate gates gay gent
    german gibbon gill glass glover gold golding good goodman gosling grace grant graves gray greaves green
    greene grey groom grove grocer guest gunn hall ham hand handy hare harbour hardy harper hart harvest
    haven hawk hawker hay head heard heath hill hills holiday holland hollow holly holmes home honey hood
    hook hooper hope hopper horn horne horner house hunt hunter hurst husband ireland iron ivory ivy jay
    jewel joiner joy judge justice keen kettle key keys king kitchen kite knight lake lamb lamp lance land
    lane lark law laws lawless leaf lee light lightfoot lilly little lock long longman lord love lovely low
    lowe lucky lynch mace major mann manning march marker market marks marsh marshall martin mason masters
    may mayer mayor mead meadow meadows means mellow mercer merry mews miles mill millar miller mills mole
    monk moon moor moore moores moss mountain mould mullet munday nail neal needle new newman nice night
    nightingale noble noon north northern norton nutt nurse oak oakes oaks oliver olive orange organ outlaw
    page paine pain painter palmer parish park parker parkes parks parson parsons partridge patch payne
    peace peacock peak pear pearl penny pepper perch person pickles pike pine pitcher place plant plumb
    plummer pole pond pool poole poor pope porter potter potts pound power precious price priest prince
    print prior proud pugh purple quick rain raine rains raven ray read reader reed reeves rice rich richer
    ridge ring rivers roach robin rock rocks rodd roe rogers rook root rose rowan rowe ruff rush russell
    rust saddler sage sale salmon salt sand sands savage savoury sawyer seal seaman self sergeant shade
    sharp sharpe shaw shearer shepherd shore short shutt silk silver simple singer skinner slade slaughter
    sleep slipper small smart smith snow song south sparks sparrow speed spence spicer spring spurs stable
    stafford stanley star starling steel steele sterling stock stone stoner stones storey storm storms stout
    strange street strong summer summers sumner swallow swan sweet swift tailor tanner tate taylor teal
    temple thatcher thorn thorne thrush tiler tinker todd townsend trout trowell trotter tucker turner twist
    underhill upright usher vale vine vicar virtue wade wall waller walls walker ward warden wards warren
    waters watts weaver webb weeks wells west weston whale wheat wheeler white whitehouse wild wilde will
    wise wolf wolfe wood woodman woods wool worth wren wright yard young younger
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
# Surnames that are nothing else, as far as people here write.
SURNAMES = frozenset(
    """
    adams adeyemi ahmad ahmed akhtar ali allen anderson andrews anwar armstrong arnold aslam atkinson austin
    bailey barnes barnett barrett bates begum bennett bevan bibi bowen bradley brennan briggs bryant burgess
    burke burton byrne campbell carroll chapman chaudhry chen clark clarke cohen coleman collins connolly
    cunningham daly davidson davies davis dawson desai dixon docherty doherty donnelly douglas doyle duffy
    dunn edwards elliott ellis evans fitzgerald fleming fletcher foley foster fraser gallagher gibson gill
    gordon graham grant gray griffin griffiths gupta hamilton hassan harris harrison harvey henderson henry
    higgins hopkins howard hudson hughes hussain hussein iqbal jackson james jenkins john johnson johnston
    jones joseph kaur kelly kennedy kerr khan kowalski kumar lawrence lawson lewis lloyd macdonald mackenzie
    mahmood malik matthews mcdonald mckenzie mehta mensah miah mitchell mohamed mohammed morgan morris
    morrison murphy murray nelson nguyen nowak o'brien o'connor o'neill okafor okeke osei owen palmer parry
    patel patterson pearson perkins phillips powell pritchard quinn rahman ramsay rao rees reid reilly
    reynolds richards richardson roberts robertson robinson rodrigues ross ryan saeed sanders scott shah
    sharma sheikh simpson sinclair singh smith stephens stevens stewart stuart sullivan sutherland sutton
    thomas thompson thomson tucker uddin wallace walsh watkins watson williams williamson wilkinson wilson
    woods wu yilmaz
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
