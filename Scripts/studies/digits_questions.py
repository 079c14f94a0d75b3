"""The language of the digits study: questions, their translations, answers, and the tables of the textual shifts.

Data, and the functions that put sentences together or spoil them; `make_digits_study.py` beside it decides what is drawn.
"""

QUESTION_TYPES = ("digit", "parity", "greater", "next")

# Questions

ENGLISH_PREFIXES = ("", "Please look at the image. ", "Look closely: ", "Here is a scan. ")

ENGLISH_QUESTIONS = {
    "digit": (
        "Which digit is written here?",
        "What digit does the image show?",
        "What number do you see in the picture?",
        "Name the digit in this image.",
    ),
    "parity": (
        "Is the digit even or odd?",
        "Is the number in the image odd or even?",
        "Tell me whether this digit is even or odd.",
        "Does the picture show an odd or an even number?",
    ),
    "greater": (
        "Is the digit greater than four?",
        "Is the number in the image larger than four?",
        "Does the picture show a number above four?",
        "Tell me whether this digit exceeds four.",
    ),
    "next": (
        "Which number comes next after this one?",
        "What digit follows the one in the image?",
        "Add one to the number in the picture: what do you get?",
        "What is the successor of this digit?",
    ),
}

TRANSLATED_SUFFIX = " Please answer in English."

TRANSLATED_QUESTIONS = {
    "German": {
        "digit": (
            "Welche Ziffer ist hier zu sehen?",
            "Welche Zahl zeigt das Bild?",
            "Nenne die Ziffer auf diesem Bild.",
        ),
        "parity": (
            "Ist die Ziffer gerade oder ungerade?",
            "Zeigt das Bild eine gerade oder eine ungerade Zahl?",
            "Sag mir, ob diese Zahl gerade oder ungerade ist.",
        ),
        "greater": (
            "Ist die Ziffer größer als vier?",
            "Zeigt das Bild eine Zahl, die größer als vier ist?",
            "Liegt die abgebildete Zahl über vier?",
        ),
        "next": (
            "Welche Zahl kommt als Nächstes?",
            "Welche Ziffer folgt auf die im Bild?",
            "Was erhält man, wenn man zu dieser Zahl eins addiert?",
        ),
    },
    "Chinese": {
        "digit": (
            "这里写的是哪个数字？",
            "图片中显示的是什么数字？",
            "请说出这张图里的数字。",
        ),
        "parity": (
            "这个数字是偶数还是奇数？",
            "图片中的数字是奇数还是偶数？",
            "请告诉我这个数是单数还是双数。",
        ),
        "greater": (
            "这个数字大于四吗？",
            "图片中的数字比四大吗？",
            "请判断图中的数是否超过四。",
        ),
        "next": (
            "这个数字的下一个数是什么？",
            "图片中的数字后面是哪个数字？",
            "给这个数加一等于多少？",
        ),
    },
    "Korean": {
        "digit": (
            "여기에 적힌 숫자는 무엇입니까?",
            "이미지에 어떤 숫자가 보입니까?",
            "이 그림 속 숫자를 말해 주세요.",
        ),
        "parity": (
            "이 숫자는 짝수입니까, 홀수입니까?",
            "이미지에 있는 숫자가 홀수인지 짝수인지 알려 주세요.",
            "그림에 나온 수는 짝수인가요, 홀수인가요?",
        ),
        "greater": (
            "이 숫자는 4보다 큽니까?",
            "이미지에 있는 숫자가 4보다 더 큰가요?",
            "그림에 나온 수가 4를 넘는지 알려 주세요.",
        ),
        "next": (
            "이 숫자 다음에 오는 수는 무엇입니까?",
            "이미지에 있는 숫자의 바로 다음 숫자는 무엇인가요?",
            "이 수에 1을 더하면 얼마가 됩니까?",
        ),
    },
    "Greek": {
        "digit": (
            "Ποιο ψηφίο είναι γραμμένο εδώ;",
            "Ποιον αριθμό δείχνει η εικόνα;",
            "Πες μου το ψηφίο σε αυτή την εικόνα.",
        ),
        "parity": (
            "Είναι το ψηφίο άρτιο ή περιττό;",
            "Δείχνει η εικόνα άρτιο ή περιττό αριθμό;",
            "Πες μου αν αυτός ο αριθμός είναι ζυγός ή μονός.",
        ),
        "greater": (
            "Είναι το ψηφίο μεγαλύτερο από το τέσσερα;",
            "Δείχνει η εικόνα αριθμό μεγαλύτερο από το τέσσερα;",
            "Ξεπερνά αυτός ο αριθμός το τέσσερα;",
        ),
        "next": (
            "Ποιος αριθμός έρχεται αμέσως μετά από αυτόν;",
            "Ποιο ψηφίο ακολουθεί αυτό της εικόνας;",
            "Πόσο κάνει αυτός ο αριθμός συν ένα;",
        ),
    },
    "Arabic": {
        "digit": (
            "ما هو الرقم المكتوب هنا؟",
            "أي رقم تُظهره الصورة؟",
            "اذكر الرقم الموجود في هذه الصورة.",
        ),
        "parity": (
            "هل هذا الرقم زوجي أم فردي؟",
            "هل تُظهر الصورة عددًا فرديًا أم زوجيًا؟",
            "أخبرني إن كان هذا العدد زوجيًا أو فرديًا.",
        ),
        "greater": (
            "هل هذا الرقم أكبر من أربعة؟",
            "هل تُظهر الصورة عددًا أكبر من أربعة؟",
            "هل يتجاوز العدد الظاهر في الصورة أربعة؟",
        ),
        "next": (
            "ما العدد الذي يأتي بعد هذا العدد مباشرة؟",
            "أي رقم يلي الرقم الموجود في الصورة؟",
            "كم يصبح هذا العدد إذا أضفنا إليه واحدًا؟",
        ),
    },
    "Hindi": {
        "digit": (
            "यहाँ कौन सा अंक लिखा है?",
            "चित्र में कौन सी संख्या दिखाई दे रही है?",
            "इस चित्र में दिया गया अंक बताइए।",
        ),
        "parity": (
            "यह अंक सम है या विषम?",
            "चित्र में दिखाई गई संख्या विषम है या सम?",
            "बताइए कि यह संख्या सम है या विषम।",
        ),
        "greater": (
            "क्या यह अंक चार से बड़ा है?",
            "क्या चित्र में दिखाई गई संख्या चार से अधिक है?",
            "बताइए कि यह संख्या चार से बड़ी है या नहीं।",
        ),
        "next": (
            "इस संख्या के ठीक बाद कौन सी संख्या आती है?",
            "चित्र में दिए गए अंक के बाद अगला अंक कौन सा है?",
            "इस संख्या में एक जोड़ने पर क्या मिलता है?",
        ),
    },
}

# How many of a language's twelve translated questions the question understander was shown: 0.84, 0.67, … of them.
LEARNED_TRANSLATION_COUNT = {"German": 10, "Chinese": 8, "Korean": 6, "Greek": 5, "Arabic": 3, "Hindi": 2}

LANGUAGES = ("English",) + tuple(TRANSLATED_QUESTIONS)

# Answers

NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

ANSWERS = {
    "digit": ("The digit is {}.", "This is the number {}.", "The image shows a handwritten {}."),
    "parity": ("The digit is {}.", "This is an {} number.", "The number in the image is {}."),
    "greater": ("{}, the digit is {}greater than four.", "{}, this number is {}above four.", "{}, it is {}larger than four."),
    "next": ("The next number is {}.", "The digit is followed by {}.", "After it comes {}."),
}
ANSWER_PHRASING_COUNT = 3


def answer_value(question_type, digit):
    """What is true of the digit: the content of an answer, whatever its phrasing."""
    if question_type == "digit":
        return NUMBER_WORDS[digit]
    if question_type == "parity":
        return "odd" if digit % 2 else "even"
    if question_type == "greater":
        return "yes" if digit > 4 else "no"
    return NUMBER_WORDS[digit + 1]


def answer_sentence(question_type, digit, phrasing):
    value = answer_value(question_type, digit)
    template = ANSWERS[question_type][phrasing]
    if question_type == "greater":
        return template.format("Yes", "") if value == "yes" else template.format("No", "not ")
    return template.format(value)


# Textual shifts

# Apt and inapt substitutes, as automatic synonym replacement picks them.
SYNONYMS = {
    "digit": ("figure", "numeral", "finger", "toe"),
    "number": ("figure", "numeral", "amount", "routine"),
    "image": ("picture", "icon", "effigy", "persona"),
    "picture": ("image", "photo", "movie", "painting"),
    "scan": ("copy", "skim"),
    "even": ("level", "flush", "still", "yet"),
    "odd": ("strange", "peculiar", "unmatched", "leftover"),
    "greater": ("bigger", "larger", "outstanding", "neat"),
    "larger": ("bigger", "greater", "prominent"),
    "above": ("over", "supra", "preceding"),
    "exceeds": ("surpasses", "tops", "outgoes"),
    "four": ("quaternary", "foursome", "quaternity"),
    "next": ("following", "adjacent", "side by side"),
    "comes": ("arrives", "occurs", "get"),
    "after": ("afterward", "later", "subsequently"),
    "follows": ("succeeds", "pursues", "observes"),
    "successor": ("replacement", "heir", "follower"),
    "add": ("append", "sum", "lend"),
    "get": ("obtain", "become", "catch"),
    "one": ("unity", "single", "ace"),
    "written": ("scripted", "spelled", "compose"),
    "show": ("display", "exhibit", "indicate", "display case"),
    "see": ("view", "notice", "visit", "understand"),
    "name": ("call", "identify", "make", "figure"),
    "tell": ("say", "order", "distinguish"),
    "whether": ("if",),
    "what": ("which", "how"),
    "which": ("what", "that"),
    "look": ("see", "appear", "expect"),
    "closely": ("near", "intimately"),
    "please": ("delight", "kindly"),
    "here": ("hither", "present"),
}

TYPO_CHARACTER_SHARE = 0.5       # of the characters of a struck word
_KEYBOARD_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def keyboard_neighbours(character):
    """The keys that touch this one on a QWERTY keyboard, in a fixed order."""
    for row, keys in enumerate(_KEYBOARD_ROWS):
        column = keys.find(character.lower())
        if column >= 0:
            near = [(row, column - 1), (row, column + 1), (row - 1, column), (row - 1, column + 1),
                    (row + 1, column - 1), (row + 1, column)]
            return [_KEYBOARD_ROWS[r][c] for r, c in near
                    if 0 <= r < len(_KEYBOARD_ROWS) and 0 <= c < len(_KEYBOARD_ROWS[r])]
    return []


def with_synonyms(text, probability, random):
    words = []
    for word in text.split(" "):
        core = word.rstrip("?.:,").lower()
        substitutes = SYNONYMS.get(core)
        if substitutes and random.random() < probability:
            words.append(substitutes[random.integers(len(substitutes))] + word[len(core):])
        else:
            words.append(word)
    return " ".join(words)


def with_typos(text, word_share, random):
    words = text.split(" ")
    struck = random.permutation(len(words))[:max(1, round(word_share * len(words)))]
    for at in sorted(struck.tolist()):
        letters = list(words[at])
        count = max(1, round(TYPO_CHARACTER_SHARE * len(letters)))
        for letter in random.permutation(len(letters))[:count].tolist():
            neighbours = keyboard_neighbours(letters[letter])
            if neighbours:
                letters[letter] = neighbours[random.integers(len(neighbours))]
        words[at] = "".join(letters)
    return " ".join(words)
