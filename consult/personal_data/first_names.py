"""First names that people in Britain bear, so that one is seen in small letters or without an announcement.

No list has all of them: other signs find the rest. Names that are ordinary words too, such as Hope or Will,
stand in ``ordinary`` and count only where something else says that a name is meant.
"""

FIRST_NAMES = frozenset(
    """
    aaron abbie abby abdi abdul abdullah abena abigail abu adaeze adam ade adebayo adrian adwoa aggie agnes
    agnieszka ahmad ahmed aidan aileen ailsa aisha aishah aisling ajay akash akosua akua alan alasdair
    alastair albert alec aled alejandro aleksander aleksandra alex alexa alexander alexandra alfie alfred
    ali alice alicia alina alisha alison alistair allan allison ama aman amanda amara amber amelia amina
    amir amit amna amy ana anastasia andrea andreea andrei andrew andrzej andy aneta angela angus angharad
    anil anisa anita anjali ann anna annabel anne annette annie anthony antoni antonia antonio antony anusha
    anwen aoife arabella archie aria arjun arnold arthur arun asad asha ashley ashok asif asma astrid aurora
    ava ayaan ayan ayesha ayo ayodele azra babatunde baljit barbara barry bartosz basil beata beatrice becky
    belinda ben benjamin bernadette bernard bert beryl beth bethan bethany betty beverley bianca bilal billy
    bjorn blessing bob bogdan brad bradley bren brenda brendan bronwen bruce bryan bryn caitlin callum
    cameron camilla carl carla carlos carol caroline carolyn carys caspian cath catherine cathy catrin
    catriona cecilia ceri cerys chantelle charles charlie charlotte chelsea cheryl chiamaka chidi chidinma
    chinedu chinwe chloe chris chrissie christina christine christopher chukwu chukwuemeka ciara cian claire
    clare claudia clive clodagh colin colleen conor connor corinne craig cristina cynthia daisy dafydd
    damian damien dan daniel daniela danielle danny daphne darren dave davina david davy dawid dawood dean
    debbie deborah declan deepak deirdre delia denis denise dennis derek dermot desmond destiny diana diane
    dilip dilys dimitri dinesh dipak dominic dominik don donald donna dorothy doug dougal douglas duncan
    dylan eamonn ebony eddie edith edna edward edyta efua eileen eilidh eira elaine eleanor elena eleri
    elias elijah elin eliza elizabeth ella ellen ellie elliot eloise elsie elspeth emeka emily emma emmanuel
    emyr enid eoin eric erica erin esme esther ethan ethel euan eugene eunice eva evan eve evelyn evie ewa
    ewan faisal farah farhan farida faruk fatima fatimah fatou fay felicity felix femi fergus finlay finley
    finn fiona fionnuala florence folake fran frances francesca francis frankie fraser fred freda freddie
    frederick freya funmi gabriel gabriela gareth gary gavin gaynor gemma gene geoff geoffrey george georgia
    georgina gerald geraldine gerard gerry gethin ghulam gillian gina gita gladys glenda glenn gloria glyn
    glynis gordon graham gail grainne greg gregory greta grzegorz gulam gurpreet gwen gwyneth gwyn gwilym
    hafsa hamish hamza hana hanif hannah hardeep hari harjit harold haroon harpreet harriet harris harrison
    harry haruna harvey hasan hassan hayley hazel heather hector heidi helen helena henry hilary hilda holly
    howard howell hubert hugh hugo humaira husain hussain hussein iain ian ibrahim idris ieuan ifan ifeoma
    imogen imran inderjit ines ingrid ioana ioan iqbal irena irene iris irina isaac isabel isabella isabelle
    isha isla ismail isobel ivan ivor iwan iwona izabela jabari jack jackie jacob jacqueline jacqui jade
    jaden jake jakub jamal james jamie jamila jan jane janet janice janina jason jaswinder javed javid jay
    jayne jean jeanette jeff jeffrey jen jenna jennifer jenny jeremy jerry jess jessica jessie jill jim
    jimmy joan joanna joanne jock jodie joe joel john johnny jolanta jon jonathan jordan jorge jose joseph
    josephine josh joshua joyce juan judith judy julia julian julie juliet justin justyna kadiatou kamal
    kamran karen karim karl karolina kasia katarzyna kate katherine kathleen kathryn kathy katie katrina
    kavita kay kayleigh kehinde keira keith kelechi kelly ken kenneth kenny kenzie kerry kevin khadija
    khadijah khalid khan kieran kiran kirsten kirsty klaudia kofi krishna kristina krystyna krzysztof kumar
    kwabena kwaku kwame kyle kylie lachlan lakshmi lamin lara latifa laura lauren laurence lawrence leah
    leanne lee leila len lena leo leon leona leonard lesley leslie lewis liam libby lilian lily linda
    lindsay lindsey lisa liz lizzie llinos lloyd logan lois lorna lorraine lottie louis louisa louise luca
    lucas lucia lucy luis lukasz luke lydia lyn lynda lynn lynne mabel maciej madeleine madison maggie magda
    magdalena magnus mahmood mahmoud mairead mairi maisie malcolm malgorzata malik manjit manpreet manuel
    marcin marco marcus mared margaret maria mariam marian marie marina mario marion marjorie marlene marta
    martha martin martyn mary maryam mateusz mathew matilda matt matthew maud maureen maurice mavis maxine
    maya megan mehmet mei melanie melissa mercy meryl mhairi mia michael michal michelle mick miguel mihaela
    mike mikey mildred millie milly miriam miroslaw moe mohamed mohammad mohammed mohamud moira molly mona
    monica morag morgan moses muhammad muhammed muireann mukesh muriel mustafa myfanwy nadia nadine naeem
    naomi natalia natalie natasha nathan navdeep neha neil nerys nessa ngozi niamh nia nicholas nick nicky
    nicola nicole nigel nikhil nikita nikki nina nisha noah noel nora noreen norma norman nuala nusrat obi
    oisin olga olive oliver olivia ollie olu olumide oluwaseun omar orla osman oscar oskar owain owen
    padraig paige pamela parveen patience patricia patrick patrycja patsy paul paula pauline pavel pawel
    peggy penelope penny perry pete peter petra phil philip philippa phillip phoebe phyllis piotr pippa
    poppy precious priya priyanka quentin rabia rachael rachel rafal raheem rahul raj rajesh rajinder raju
    ralph ramesh rana randeep rani rashid raquel ravi ray raymond rebecca reece rehana renata renee reuben
    reza rhiannon rhian rhodri rhona rhys ricardo richard rick ricky riley rita rob robbie robert roberta
    roberto robin rod roderick rodney roger rohan roisin roland roman ron ronald ronnie rory rosa rosalind
    rosemary rosie ross rowan roxanne roy ruby rukhsana rupert russell ruth ryan sabina sabrina sadia sadie
    sadiq saeed safiya saima sajid salim sally salma sam samantha samina samir samuel sandeep sandra sania
    sanjay saoirse sara sarah saskia sean sebastian segun selina serena seren shabana shahid shahnaz shaista
    shanice shannon sharon shaun shauna shazia sheila shelley sheena shirley shona shreya siân sian simon
    simone sinead siobhan siobhán sioned slawomir sofia sohail sonia sophia sophie stacey stan stanley
    stefan stella steph stephanie stephen steve steven stewart stuart suleiman sue sumaira sunil sunita
    suresh surinder susan susie suzanne svetlana sybil sylvia szymon tabitha tahir taiwo tamara tamsin tania
    tanya tara tariq tasha tatiana temitope ted teddy terence teresa terry tess tessa theo theodore theresa
    thelma thomas tia tiffany tim timothy tina toby tom tomas tomasz tommy toni tony tracey tracy trevor
    tricia trish tristan tunde uche umar uzma valerie vanessa vera veronica vicky victor vijay vikram vince
    vincent violet viv vivian vivien vivienne vladimir wahid walter wanda warren wayne wendy wilfred william
    willie winifred winston wojciech xavier yasmin yaw yemi yetunde yolanda yousef youssef yusuf yvette
    yvonne zac zach zachary zahra zain zainab zak zara zeeshan zeynep zoe zofia zubair zuzanna
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)

# In small letters these are words: "the robin here", "a penny".
WORDS_TOO = frozenset(
    """
    amber angel basil bob carol chelsea daisy dean destiny don florence gene georgia grace hazel heather
    holly iris jade jean jordan josh kerry lily mercy mike nick olive patience paul penny poppy precious rob
    robin roman rosemary rowan ruby sue victor victoria violet art bill blessing beryl clare jack jay ray
    rick tony chance
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
