"""About a hundred long passwords that many people choose.

A list of our own: the well-known short ones grown to twelve characters, runs on the keyboard, and
first lines that everybody knows. It is not counted from any breach and does not replace a service
that is; it stops the first guesses of somebody who has ten of them in a quarter of an hour.
Written without spaces and signs, as `rules.password_problem` compares them.
"""

COMMON_PASSWORDS = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789123 123123123123 012345678910 098765432109
    987654321098 111222333444 112233445566 123412341234 121212121212 101010101010 147258369147
    qwertyuiopas qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwerty123456 qwerty1234567 qwertyqwerty
    qwerty12345678 qwertyuiopasdf qwertyasdfgh qwertyuiop00 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc
    1qaz2wsx3edc4rfv zaq12wsxcde3 qazwsxedcrfv qazwsx123456 asdfghjkl123 asdfghjklasd asdfasdfasdf
    zxcvbnm12345 zxcvbnmasdfg poiuytrewqas abcdefghijkl abcdefghijklm abcd12345678 abc123456789
    abcabcabcabc abc123abc123 abcdef123456 a1b2c3d4e5f6 aa1234567890 passwordpassword password1234
    password12345 password123456 password2024 password2025 password2026 passw0rd1234 passw0rdpassw0rd
    passwordpassword1 mypassword12 mypassword123 mypassword1234 newpassword1 newpassword123
    thisismypassword thisisapassword changemeplease changeme1234 changeme12345 changemenow1
    letmeinplease letmein12345 letmein123456 letmeinletmein iloveyou1234 iloveyou12345 iloveyouiloveyou
    iloveyousomuch welcome12345 welcome123456 welcomewelcome administrator administrator1
    administrator123 adminadminadmin admin1234567 admin12345678 secretsecret supersecret1
    correcthorsebatterystaple footballfootball football1234 liverpool1234 manchester12 manchesterunited
    monkeymonkey dragondragon sunshine1234 sunshinesunshine princess1234 superman1234 trustnoone123
    computer1234 internet1234 whatever1234 starwars1234 testtesttest test12345678
    """.split()  # noqa: SIM905  (a page of words, not of quotation marks)
)
