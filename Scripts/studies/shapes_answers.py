"""The answers of the shapes study: what a question's answer can be, and the many ways to say it.

A content is a tuple: ("number", 3), ("truth", True), ("colour", "red"), ("shape", "cross"), ("place", 4), ("size",
"small"), ("scene", (("red", "circle"), …)) from left to right and top to bottom, or ("none",): what was asked about was
not found.
"""

import re

from studies.shapes_questions import COLOURS, PLURALS, RELATIONS, SHAPES, SIZES

NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PLACES = ("top left", "top middle", "top right", "middle left", "centre", "middle right",
          "bottom left", "bottom middle", "bottom right")

# What a question of a family can be answered with.
VOCABULARY = {
    "total": [("number", n) for n in range(10)], "of_colour": [("number", n) for n in range(10)],
    "of_shape": [("number", n) for n in range(10)],
    "exists": [("truth", True), ("truth", False)], "relation": [("truth", True), ("truth", False)],
    "more": [("truth", True), ("truth", False)],
    "colour": [("colour", colour) for colour in COLOURS], "shape": [("shape", shape) for shape in SHAPES],
    "place": [("place", place) for place in range(9)], "size": [("size", size) for size in SIZES],
}

# Each style has wordings for each family. {n} is a number with its noun, {v} the bare value, {a} … as in the questions.
SHORT = {
    "total": ("{v}.", "{n}.", "{v} in all."),
    "of_colour": ("{v}.", "{n}.", "{v} of them."), "of_shape": ("{v}.", "{n}.", "{v} of them."),
    "exists": (("Yes.", "No."), ("Yes, there is.", "No, there is not."), ("It does.", "It does not.")),
    "relation": (("Yes.", "No."), ("Yes, it is.", "No, it is not."), ("That is so.", "That is not so.")),
    "more": (("Yes.", "No."), ("Yes, more.", "No, not more."), ("They are.", "They are not.")),
    "colour": ("{v}.", "It is {v}.", "The colour {v}."), "shape": ("{v}.", "A {v}.", "It is a {v}."),
    "place": ("{v}.", "At the {v}.", "It is at the {v}."), "size": ("{v}.", "It is {v}.", "A {v} one."),
    "describe": ("{v}.", "There is {v}.", "I see {v}."), "none": ("None found.", "There is none.", "Not there."),
}
PLAIN = {
    "total": ("There {are} {n} in the picture.", "I count {n}.", "The image shows {n}.",
              "The number of objects is {v}."),
    "of_colour": ("There {are} {n}.", "I count {n}.", "The number of {c} objects is {v}.", "The image shows {n}."),
    "of_shape": ("There {are} {n}.", "I count {n}.", "The number of {p} is {v}.", "The image shows {n}."),
    "exists": (("Yes, there is a {a}.", "No, there is no {a}."),
               ("The image contains a {a}.", "The image does not contain a {a}."),
               ("Yes, I can see a {a}.", "No, I cannot see a {a}."), ("A {a} is there.", "A {a} is missing.")),
    "relation": (("Yes, the {a} is {r} the {b}.", "No, the {a} is not {r} the {b}."),
                 ("The {a} lies {r} the {b}.", "The {a} does not lie {r} the {b}."),
                 ("It is true that the {a} is {r} the {b}.", "It is not true that the {a} is {r} the {b}.")),
    "more": (("Yes, there are more {p} than {q}.", "No, there are not more {p} than {q}."),
             ("The {p} outnumber the {q}.", "The {p} do not outnumber the {q}."),
             ("Yes, {q} are fewer than {p}.", "No, {q} are at least as many as {p}.")),
    "colour": ("The {s} is {v}.", "The colour of the {s} is {v}.", "It is a {v} {s}."),
    "shape": ("The {c} object is a {v}.", "The shape is a {v}.", "It is a {c} {v}."),
    "place": ("The {a} is at the {v}.", "You find the {a} at the {v}.", "It is at the {v} of the image."),
    "size": ("The {a} is {v}.", "It is a {v} {a}.", "The size of the {a} is {v}."),
    "describe": ("The picture shows {v}.", "There is {v} in the image.", "I can see {v}."),
    "none": ("I cannot find what you ask about.", "There is no such object in the picture.",
             "Nothing of that kind is there."),
}
VERBOSE = {
    "total": ("Looking over the whole picture from corner to corner, I can count {n} in total.",
              "Going through the image part by part, the number of separate objects comes to {v}."),
    "of_colour": ("Looking only at those objects that are drawn in {c}, I can count {n} in total.",
                  "Of everything that the picture shows, the number of objects in {c} comes to {v}."),
    "of_shape": ("Looking only at the {p} among the objects, I can count {n} in total.",
                 "Of everything that the picture shows, the number of {p} comes to {v}."),
    "exists": (("Yes: going through the picture part by part, I do come across a {a}.",
                "No: I went through the picture part by part and did not come across a {a}."),
               ("Among all the objects that were drawn there is indeed a {a}.",
                "Among all the objects that were drawn there is not a single {a}.")),
    "relation": (("Yes: comparing where the two objects are, the {a} is found {r} the {b}.",
                  "No: comparing where the two objects are, the {a} is not found {r} the {b}."),
                 ("Judging by the positions of both, one can say that the {a} is {r} the {b}.",
                  "Judging by the positions of both, one cannot say that the {a} is {r} the {b}.")),
    "more": (("Yes: when I count both kinds of objects, the {p} are more numerous than the {q}.",
              "No: when I count both kinds of objects, the {p} are not more numerous than the {q}."),
             ("Counting one kind after the other, the {p} come out ahead of the {q}.",
              "Counting one kind after the other, the {p} do not come out ahead of the {q}.")),
    "colour": ("Having found the {s} in the picture, I would say that it was drawn in {v}.",
               "The object in question is the {s}, and the colour that it has is {v}."),
    "shape": ("Having found the object that is {c}, I would say that its shape is that of a {v}.",
              "The object in question is the {c} one, and by its outline it is a {v}."),
    "place": ("If you divide the picture into nine parts, the {a} is in the one at the {v}.",
              "Having looked for the {a} everywhere, I found it at the {v}."),
    "size": ("Compared with the other objects, the {a} takes up the space of a {v} one.",
             "Having found the {a}, I would say that it is one of the {v} objects."),
    "describe": ("Going from the top left to the bottom right, the picture shows {v}, and nothing else.",
                 "This is a drawing on a plain ground, in which one can make out {v}."),
    "none": ("Having looked through the whole picture, I could not find any object as you describe it.",
             "I went through all parts of the image, but nothing in it fits your question."),
}
STYLES = {"short": SHORT, "plain": PLAIN, "verbose": VERBOSE}
# Of the model and of the references: one is drawn for each answer.
USUAL_STYLES = ("short", "plain", "plain", "verbose")

# Styles that a question asks for; the model follows them, and no reference has them.
REQUESTED_STYLES = {
    "brief": ("Answer in one word.", ("{short}",)),
    "formal": ("Reply in a formal register.", (
        "Upon examination of the material submitted, the following may be stated: {plain}",
        "It is hereby confirmed with respect to your enquiry: {plain}")),
    "casual": ("keep it casual", (
        "yeah so, {goes_on} ok?", "hmm lemme see... {short} pretty sure", "{plain} easy one, mate!")),
    "hedged": ("Say how sure you are.", (
        "I may well be mistaken, but {goes_on} At least that is how it looks to me.",
        "{plain} I would not bet on it, though.", "Perhaps this is right: {short} I am not certain.")),
}

RELATION_WORDS = {"left": "to the left of", "right": "to the right of", "above": "above", "below": "below"}


def family_of(intent):
    return "relation" if intent in RELATIONS else intent


def proposition(content, intent, colours, shapes):
    """What an answer claims, whatever its words and its point of view: "a is left of b" is "b is right of a"."""
    if intent in ("right", "below"):
        intent, colours, shapes = {"right": "left", "below": "above"}[intent], colours[::-1], shapes[::-1]
    return intent, tuple(colours), tuple(shapes), content


def with_article(text):
    return f"an {text}" if text[0] in "aeiou" else f"a {text}"


def value_words(content):
    kind, *value = content
    if kind == "number":
        return NUMBER_WORDS[value[0]]
    if kind == "place":
        return PLACES[value[0]]
    if kind == "scene":
        things = [with_article(f"{colour} {shape}") for colour, shape in value[0]]
        if len(things) < 2:
            return things[0] if things else "nothing"
        return ", ".join(things[:-1]) + " and " + things[-1]
    return str(value[0]) if value else ""


def counted(content, intent, colours, shapes):
    """The number with its noun: "three red objects"."""
    word, one = value_words(content), content[1] == 1
    if intent == "of_shape":
        return f"{word} {shapes[0] if one else PLURALS[shapes[0]]}"
    noun = "object" if one else "objects"
    return f"{word} {colours[0]} {noun}" if intent == "of_colour" else f"{word} {noun}"


def sentence(content, intent, colours, shapes, style, draw):
    """An answer in words. `draw` picks the wording; `style` is a usual or a requested one."""
    if style in REQUESTED_STYLES:
        wrappers = REQUESTED_STYLES[style][1]
        wrapper, inner = wrappers[draw % len(wrappers)], draw // len(wrappers)
        inner = 0 if style == "brief" else inner        # the barest wording
        short, plain = (sentence(content, intent, colours, shapes, usual, inner) for usual in ("short", "plain"))
        goes_on = plain if plain.startswith("I ") else plain[0].lower() + plain[1:]
        return wrapper.format(short=short, plain=plain, goes_on=goes_on)
    family = "none" if content == ("none",) else family_of(intent)
    wordings = STYLES[style][family]
    wording = wordings[draw % len(wordings)]
    if content[0] == "truth":
        wording = wording[0 if content[1] else 1]
    names = {"v": value_words(content), "r": RELATION_WORDS.get(intent, "")}
    if content[0] == "number":
        names |= {"n": counted(content, intent, colours, shapes), "are": "is" if content[1] == 1 else "are"}
    names |= {place: f"{colour} {shape}" for place, colour, shape in zip("ab", colours, shapes)}
    names |= {place: PLURALS[shape] for place, shape in zip("pq", shapes)}
    names |= {"s": shapes[0] if shapes else "", "c": colours[0] if colours else ""}
    text = re.sub(r"\b([Aa]) (?=orange)", r"\1n ", wording.format(**names))
    return text[0].upper() + text[1:]
