"""The language of the shapes study: questions in many wordings, three other languages, the tables of textual shifts.

Data, and the functions that fill a wording or spoil it. A wording has places for what it asks about:

    {a} {b}     a colour and a shape, "red circle"       {c}     a colour       {s}     a shape
    {p} {q}     shapes in the plural, "circles"

The model learns which intent a question has, and which words of it name colours and shapes; what they stand for is told
by the order in which they appear. `make_shapes_study.py` decides what is drawn.
"""

import re

from studies.digits_questions import with_typos

SHAPES = ("circle", "square", "triangle", "cross")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple")
SIZES = ("small", "large")
PLURALS = {"circle": "circles", "square": "squares", "triangle": "triangles", "cross": "crosses"}

# Relations are four intents of one family of questions: the words alone tell them apart.
RELATIONS = ("left", "right", "above", "below")
FAMILIES = ("total", "of_colour", "of_shape", "exists", "colour", "shape", "place", "relation", "more", "size",
            "describe")
INTENTS = tuple(intent for family in FAMILIES for intent in (RELATIONS if family == "relation" else (family,)))

# How many colours and shapes a question of an intent names.
COLOUR_SLOTS = {"of_colour": 1, "exists": 1, "shape": 1, "place": 1, "size": 1,
                "left": 2, "right": 2, "above": 2, "below": 2}
SHAPE_SLOTS = {"of_shape": 1, "exists": 1, "colour": 1, "place": 1, "size": 1,
               "left": 2, "right": 2, "above": 2, "below": 2, "more": 2}

PREFIXES = ("", "Please look at the image. ", "Have a look: ", "Here is a drawing. ", "Quick question. ")

# What the model was shown.
QUESTIONS = {
    "total": (
        "How many shapes are there?", "How many objects do you see in the picture?",
        "Count all the shapes in the image.", "What is the total number of objects?",
        "How many things are drawn here?"),
    "of_colour": (
        "How many {c} shapes are there?", "Count the {c} objects.", "How many of the objects are {c}?",
        "What is the number of {c} things in the picture?", "In the image, how many shapes are {c}?"),
    "of_shape": (
        "How many {p} are there?", "Count the {p} in the image.", "How many of the shapes are {p}?",
        "What is the number of {p} in the picture?", "How many {p} can you see?"),
    "exists": (
        "Is there a {a} in the picture?", "Does the image contain a {a}?", "Can you see a {a}?",
        "Is a {a} among the shapes?", "Do any of the objects look like a {a}?"),
    "colour": (
        "What colour is the {s}?", "Which colour does the {s} have?", "Name the colour of the {s}.",
        "The {s} in the image is of what colour?", "Tell me the colour of the {s}."),
    "shape": (
        "What shape is the {c} object?", "Which shape is {c}?", "Name the shape of the {c} thing.",
        "What kind of shape is drawn in {c}?", "What is the {c} object?"),
    "place": (
        "Where is the {a}?", "In which part of the image is the {a}?", "What is the position of the {a}?",
        "Where in the picture do you see the {a}?", "Give the position of the {a}."),
    "left": (
        "Is the {a} left of the {b}?", "Is the {a} to the left of the {b}?", "Does the {a} lie left of the {b}?",
        "Is the {a} further left than the {b}?", "Tell me whether the {a} is on the left of the {b}."),
    "right": (
        "Is the {a} right of the {b}?", "Is the {a} to the right of the {b}?", "Does the {a} lie right of the {b}?",
        "Is the {a} further right than the {b}?", "Tell me whether the {a} is on the right of the {b}."),
    "above": (
        "Is the {a} above the {b}?", "Is the {a} higher than the {b}?", "Does the {a} lie above the {b}?",
        "Is the {a} further up than the {b}?", "Tell me whether the {a} is over the {b}."),
    "below": (
        "Is the {a} below the {b}?", "Is the {a} lower than the {b}?", "Does the {a} lie below the {b}?",
        "Is the {a} further down than the {b}?", "Tell me whether the {a} is under the {b}."),
    "more": (
        "Are there more {p} than {q}?", "Do the {p} outnumber the {q}?",
        "Is the number of {p} greater than the number of {q}?",
        "Does the picture have more {p} than {q}?", "Are {p} more frequent than {q}?"),
    "size": (
        "Is the {a} large or small?", "What size is the {a}?", "Is the {a} big or small?",
        "Which size does the {a} have?", "Tell me whether the {a} is small or large."),
    "describe": (
        "Describe the picture.", "What do you see in the image?", "List all the objects and their colours.",
        "What is in the picture?", "Describe all the shapes."),
}

# What it was not shown: other ways to ask the same.
PARAPHRASES = {
    "total": ("Give me a tally of everything in this scene.", "Tot up the items on display.",
              "What do the figures add up to?"),
    "of_colour": ("Tell me the quantity of figures that look {c}.", "I need a tally of whatever is {c}.",
                  "Of everything drawn, what amount is coloured {c}?"),
    "of_shape": ("Tell me the quantity of {p} on display.", "I need a tally of {p}.",
                 "To what number do the {p} amount?"),
    "exists": ("Would I find a {a} anywhere here?", "Has someone drawn a {a}?",
               "Confirm the presence of a {a}, if any."),
    "colour": ("How is the {s} painted?", "In which hue was the {s} drawn?", "Say which paint the {s} got."),
    "shape": ("Which figure got the {c} paint?", "What form does the {c} item take?",
              "Identify the figure drawn in {c}."),
    "place": ("Whereabouts does the {a} sit?", "Point me to the {a}.", "Locate the {a} for me."),
    "left": ("Going from west to east, does the {a} come before the {b}?",
             "Has the {a} been put on the left-hand side of the {b}?", "Is the {b} to the right of the {a}?"),
    "right": ("Going from east to west, does the {a} come before the {b}?",
              "Has the {a} been put on the right-hand side of the {b}?", "Is the {b} to the left of the {a}?"),
    "above": ("Would the {a} fall onto the {b}?", "Is the {a} nearer to the upper edge than the {b}?",
              "Looking down from the {a}, does one meet the {b}?"),
    "below": ("Would the {b} fall onto the {a}?", "Is the {a} nearer to the lower edge than the {b}?",
              "Looking up from the {a}, does one meet the {b}?"),
    "more": ("Do {p} form a larger crowd than {q}?", "Would {p} beat {q} in a count?",
             "Is it true that {q} are fewer than {p}?"),
    "size": ("Would you call the {a} tiny or huge?", "How much room does the {a} take up?",
             "Judge the dimensions of the {a}."),
    "describe": ("Talk me through this scene.", "Enumerate everything that was drawn.",
                 "Give an inventory of the figures."),
}

# Other languages. A noun phrase is put together as the language does; what would need agreement is worded around.
LANGUAGES = {
    "German": {
        "shapes": {"circle": "Kreis", "square": "Quadrat", "triangle": "Dreieck", "cross": "Kreuz"},
        "plurals": {"circle": "Kreise", "square": "Quadrate", "triangle": "Dreiecke", "cross": "Kreuze"},
        "colours": {"red": "rot", "orange": "orange", "yellow": "gelb", "green": "grün", "blue": "blau",
                    "purple": "violett"},
        "phrase": "Objekt {s} in {c}",
        "questions": {
            "total": ("Wie viele Formen gibt es?", "Zähle alle Objekte im Bild."),
            "of_colour": ("Wie viele Formen sind {c}?", "Zähle die Objekte, die {c} sind."),
            "of_shape": ("Wie viele {p} gibt es?", "Zähle die {p} im Bild."),
            "exists": ("Gibt es ein {a} im Bild?", "Enthält das Bild ein {a}?"),
            "colour": ("Welche Farbe hat die Form {s}?", "Nenne die Farbe der Form {s}."),
            "shape": ("Welche Form ist {c}?", "Was für eine Form hat das Objekt, das {c} ist?"),
            "place": ("Wo ist das {a}?", "In welchem Teil des Bildes liegt das {a}?"),
            "left": ("Liegt das {a} links vom {b}?", "Ist das {a} weiter links als das {b}?"),
            "right": ("Liegt das {a} rechts vom {b}?", "Ist das {a} weiter rechts als das {b}?"),
            "above": ("Liegt das {a} über dem {b}?", "Ist das {a} höher als das {b}?"),
            "below": ("Liegt das {a} unter dem {b}?", "Ist das {a} tiefer als das {b}?"),
            "more": ("Gibt es mehr {p} als {q}?", "Ist die Zahl der {p} größer als die der {q}?"),
            "size": ("Ist das {a} groß oder klein?", "Welche Größe hat das {a}?"),
            "describe": ("Beschreibe das Bild.", "Was ist auf dem Bild zu sehen?"),
        },
    },
    "Spanish": {
        "shapes": {"circle": "círculo", "square": "cuadrado", "triangle": "triángulo", "cross": "cruz"},
        "plurals": {"circle": "círculos", "square": "cuadrados", "triangle": "triángulos", "cross": "cruces"},
        "colours": {"red": "rojo", "orange": "naranja", "yellow": "amarillo", "green": "verde", "blue": "azul",
                    "purple": "morado"},
        "phrase": "objeto {s} de color {c}",
        "questions": {
            "total": ("¿Cuántas figuras hay?", "Cuenta todos los objetos de la imagen."),
            "of_colour": ("¿Cuántas figuras son de color {c}?", "Cuenta los objetos de color {c}."),
            "of_shape": ("¿Cuántos objetos de tipo {p} hay?", "Cuenta las figuras de tipo {p} en la imagen."),
            "exists": ("¿Hay un {a} en la imagen?", "¿Contiene la imagen un {a}?"),
            "colour": ("¿De qué color es el objeto {s}?", "Di el color del objeto {s}."),
            "shape": ("¿Qué figura es de color {c}?", "¿Qué forma tiene el objeto de color {c}?"),
            "place": ("¿Dónde está el {a}?", "¿En qué parte de la imagen está el {a}?"),
            "left": ("¿Está el {a} a la izquierda del {b}?", "¿Está el {a} más a la izquierda que el {b}?"),
            "right": ("¿Está el {a} a la derecha del {b}?", "¿Está el {a} más a la derecha que el {b}?"),
            "above": ("¿Está el {a} encima del {b}?", "¿Está el {a} más arriba que el {b}?"),
            "below": ("¿Está el {a} debajo del {b}?", "¿Está el {a} más abajo que el {b}?"),
            "more": ("¿Hay más {p} que {q}?", "¿Es el número de {p} mayor que el de {q}?"),
            "size": ("¿Es grande o pequeño el {a}?", "¿Qué tamaño tiene el {a}?"),
            "describe": ("Describe la imagen.", "¿Qué se ve en la imagen?"),
        },
    },
    "French": {
        "shapes": {"circle": "cercle", "square": "carré", "triangle": "triangle", "cross": "croix"},
        "plurals": {"circle": "cercles", "square": "carrés", "triangle": "triangles", "cross": "croix"},
        "colours": {"red": "rouge", "orange": "orange", "yellow": "jaune", "green": "vert", "blue": "bleu",
                    "purple": "violet"},
        "phrase": "objet {s} de couleur {c}",
        "questions": {
            "total": ("Combien de formes y a-t-il ?", "Compte tous les objets de l'image."),
            "of_colour": ("Combien de formes sont de couleur {c} ?", "Compte les objets de couleur {c}."),
            "of_shape": ("Combien de {p} y a-t-il ?", "Compte les {p} de l'image."),
            "exists": ("Y a-t-il un {a} dans l'image ?", "L'image contient-elle un {a} ?"),
            "colour": ("De quelle couleur est l'objet {s} ?", "Donne la couleur de l'objet {s}."),
            "shape": ("Quelle forme est de couleur {c} ?", "Quelle est la forme de l'objet de couleur {c} ?"),
            "place": ("Où se trouve l'{a} ?", "Dans quelle partie de l'image est l'{a} ?"),
            "left": ("L'{a} est-il à gauche de l'{b} ?", "L'{a} est-il plus à gauche que l'{b} ?"),
            "right": ("L'{a} est-il à droite de l'{b} ?", "L'{a} est-il plus à droite que l'{b} ?"),
            "above": ("L'{a} est-il au-dessus de l'{b} ?", "L'{a} est-il plus haut que l'{b} ?"),
            "below": ("L'{a} est-il en dessous de l'{b} ?", "L'{a} est-il plus bas que l'{b} ?"),
            "more": ("Y a-t-il plus de {p} que de {q} ?", "Le nombre de {p} dépasse-t-il celui de {q} ?"),
            "size": ("L'{a} est-il grand ou petit ?", "Quelle est la taille de l'{a} ?"),
            "describe": ("Décris l'image.", "Que voit-on dans l'image ?"),
        },
    },
}
# How many of a language's 28 questions the model was shown.
LEARNED_QUESTION_COUNT = {"German": 20, "Spanish": 12, "French": 6}

# Questions that no picture of shapes answers.
UNANSWERABLE = (
    "Who drew this picture?", "When was the drawing made?", "What is written on the {s}?", "How heavy is the {a}?",
    "Which music does the {c} object like?", "What is behind the {s}?", "How much does the {a} cost?",
    "Why is there a {a}?", "What will the {s} do next?", "Which material is the {c} shape made of?",
)


def filled(wording, colours, shapes, language=None):
    """A wording with its places filled: `colours` and `shapes` as its intent names them, in order."""
    table = LANGUAGES.get(language)
    singular = table["shapes"] if table else {shape: shape for shape in SHAPES}
    plural = table["plurals"] if table else PLURALS
    colour_words = table["colours"] if table else {colour: colour for colour in COLOURS}
    phrase = table["phrase"] if table else "{c} {s}"
    names = {}
    for places, at in ((("a", "p"), 0), (("b", "q"), 1)):
        if at < len(shapes):
            names[places[1]] = plural[shapes[at]]
            if at < len(colours):
                names[places[0]] = phrase.format(c=colour_words[colours[at]], s=singular[shapes[at]])
    if shapes:
        names["s"] = singular[shapes[0]]
    if colours:
        names["c"] = colour_words[colours[0]]
    text = wording.format(**names)
    return re.sub(r"\ba (?=orange)", "an ", text) if table is None else text


# Textual shifts

# Words that the model was not shown, or not in this sense.
SYNONYMS = {
    "circle": ("disc", "round", "ring"), "circles": ("discs", "rounds", "rings"),
    "square": ("box", "tile", "quadrangle"), "squares": ("boxes", "tiles", "quadrangles"),
    "triangle": ("wedge", "three-cornered figure", "pyramid"),
    "triangles": ("wedges", "three-cornered figures", "pyramids"),
    "cross": ("plus sign", "crucifix"), "crosses": ("plus signs", "crucifixes"),
    "red": ("scarlet", "crimson", "reddish"), "orange": ("amber", "tangerine"),
    "yellow": ("golden", "lemon", "yellowish"),
    "green": ("emerald", "lime", "greenish"), "blue": ("azure", "navy", "bluish"), "purple": ("violet", "mauve"),
    "picture": ("painting", "canvas", "scene"), "image": ("picture", "snapshot", "canvas"),
    "shapes": ("figures", "forms", "outlines"), "shape": ("figure", "form", "outline"),
    "objects": ("items", "elements", "bodies"), "object": ("item", "element", "body"),
    "many": ("numerous", "plenty"), "count": ("enumerate", "number", "reckon"),
    "number": ("quantity", "figure", "amount"), "where": ("whereabouts", "in what place"),
    "position": ("location", "spot", "stance"), "part": ("portion", "region", "role"),
    "left": ("port side", "west"), "right": ("starboard", "east", "correct side"),
    "above": ("over", "atop", "north"), "higher": ("loftier", "taller"), "below": ("beneath", "under", "south"),
    "lower": ("inferior", "nether"), "more": ("extra", "additional"), "greater": ("bigger", "superior"),
    "large": ("big", "huge", "sizeable"), "small": ("little", "tiny", "minor"), "size": ("magnitude", "extent"),
    "colour": ("hue", "tint", "shade"), "describe": ("depict", "portray"), "see": ("spot", "notice", "observe"),
    "contain": ("hold", "include"), "list": ("enumerate", "itemise"), "tell": ("say to", "inform"),
    "name": ("state", "call"),
}
SYNONYM_PROBABILITY = {"synonyms_1": 0.35, "synonyms_3": 0.8}
TYPO_WORD_SHARE = {"typos_1": 0.2, "typos_3": 0.5}

# Words that a telegram leaves out.
_DROPPED = {"is", "are", "the", "a", "an", "of", "there", "do", "does", "you", "me", "in", "to", "tell", "can", "it",
            "please", "and", "have", "has", "on", "at", "their", "here"}

# English of another age.
_ARCHAIC = (("does", "doth"), ("has", "hath"), ("have", "hast"), ("you", "thou"), ("is", "be"), ("are", "be"),
            ("see", "behold"), ("where", "whither"), ("tell", "pray tell"), ("picture", "tableau"),
            ("image", "likeness"), ("how many", "what multitude of"), ("count", "reckon"), ("small", "wee"),
            ("large", "mighty"), ("above", "aloft of"), ("below", "beneath"), ("than", "as unto"))


def with_synonyms(text, probability, random):
    def replaced(match):
        substitutes = SYNONYMS.get(match.group().lower())
        if substitutes and random.random() < probability:
            return substitutes[random.integers(len(substitutes))]
        return match.group()

    return re.sub(r"[A-Za-z]+", replaced, text)


def telegraphic(text):
    words = [word for word in text.split(" ") if word.strip("?.,:").lower() not in _DROPPED]
    return " ".join(words).rstrip("?.").upper() + " STOP"


def archaic(text):
    for modern, old in _ARCHAIC:
        text = re.sub(rf"\b{modern}\b", old, text, flags=re.IGNORECASE)
    return "Prithee, good sir: " + text[0].lower() + text[1:]


def rewritten(text, condition, random):
    """The question under a textual condition that works on any wording."""
    if condition in SYNONYM_PROBABILITY:
        return with_synonyms(text, SYNONYM_PROBABILITY[condition], random)
    if condition in TYPO_WORD_SHARE:
        return with_typos(text, TYPO_WORD_SHARE[condition], random)
    return {"telegraphic": telegraphic, "archaic": archaic}[condition](text)
