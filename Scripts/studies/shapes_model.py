"""The model of the shapes study: it looks at the cells of a picture, reads the question, and puts an answer together.

Seeing: three small neural networks look at one cell each: is there a shape and which, in which colour, of which size.
Reading: the question's intent from its words and pairs of words; its colours and shapes from the letters of each word.
Answering: the distribution of the answer that follows from what the networks say of the nine cells, taken as
independent; the most probable answer is given. All of it is learned from clean pictures and from questions; nothing is
told what a shift is.
"""

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline

from studies import shapes_questions as questions
from studies import shapes_scenes as scenes
from studies.files import random_stream
from studies.option_scores import NOTHING
from studies.shapes_answers import VOCABULARY, family_of
from studies.shapes_questions import COLOURS, SHAPES, SIZES

TRAINING_SCENE_COUNT = 300
CROWDED_TRAINING_SHARE = 0.15
HIDDEN_UNITS = 48
PASSES = 60
EXPOSED_TO = ("noise_3", "blur_3")      # what the model named `exposed` saw as well
FILLS_OF_A_QUESTION = 6                 # of each wording in training, with different colours and shapes


class Seen(NamedTuple):
    """What the networks say of the nine cells of a picture; rows are cells."""
    shape: np.ndarray       # 9 x 5: no shape, then SHAPES
    colour: np.ndarray      # 9 x 6, if there is one
    size: np.ndarray        # 9 x 2

    def presence(self):
        return 1 - self.shape[:, 0]

    def matching(self, colour=None, shape=None):
        """Probability, cell by cell, of a thing of this colour and shape."""
        found = self.presence() if shape is None else self.shape[:, 1 + SHAPES.index(shape)]
        return found if colour is None else found * self.colour[:, COLOURS.index(colour)]


class Read(NamedTuple):
    """What was understood of a question."""
    intents: np.ndarray     # probability of each of INTENTS
    words: list             # of the question
    tags: np.ndarray        # words x (no meaning, COLOURS, SHAPES)

    def intent(self):
        return questions.INTENTS[int(self.intents.argmax())]

    def named(self, intent):
        """The colours and shapes that a question of this intent names: the most telling words, in their order."""
        return (self.most_telling(1, COLOURS, questions.COLOUR_SLOTS.get(intent, 0)),
                self.most_telling(1 + len(COLOURS), SHAPES, questions.SHAPE_SLOTS.get(intent, 0)))

    def most_telling(self, first, names, count):
        told = self.tags[:, first:first + len(names)]
        chosen = np.sort(np.argsort(-told.sum(axis=1), kind="stable")[:count])
        found = [names[told[at].argmax()] for at in chosen]
        return found + [names[0]] * (count - len(found))        # a question of fewer words than it should name


class Eye:
    """The three networks, trained on the cells of clean scenes."""

    def __init__(self, seed, exposed):
        pictures, things = [], []
        for at in range(TRAINING_SCENE_COUNT):
            random = random_stream(seed, "training scene", at)
            domain = "crowded" if random.random() < CROWDED_TRAINING_SHARE else "usual"
            scene = scenes.drawn_scene(random, domain)
            image = scenes.picture(scene, random, domain)
            for condition in ("clean",) + (EXPOSED_TO if exposed else ()):
                own = random_stream(seed, condition, "training", at)
                pictures.append(image if condition == "clean" else scenes.shifted(image, condition, own))
                things.append(scene)
        pictures = np.array(pictures)
        self.mean_picture = pictures.mean(axis=0)
        colours_in, forms_in = self.inputs(pictures)
        shape = np.zeros((len(pictures), 9), dtype=int)
        colour, size = np.full_like(shape, -1), np.full_like(shape, -1)
        for at, scene in enumerate(things):
            for thing in scene:
                shape[at, thing.cell] = 1 + SHAPES.index(thing.shape)
                colour[at, thing.cell], size[at, thing.cell] = COLOURS.index(thing.colour), SIZES.index(thing.size)
        there = shape.ravel() > 0
        self.shape = network(seed, forms_in, shape.ravel())
        self.colour = network(seed, colours_in[there], colour.ravel()[there])
        self.size = network(seed, forms_in[there], size.ravel()[there])

    @staticmethod
    def inputs(images):
        """What the networks are given of each cell: its pixels for the colour, its silhouette for shape and size."""
        cells = scenes.cells(images)
        return cells.reshape(len(cells), -1) - 0.5, scenes.silhouettes(cells)

    def look(self, images):
        colours_in, forms_in = self.inputs(images)
        heads = [head.predict_proba(rows).reshape(len(images), 9, -1)
                 for head, rows in ((self.shape, forms_in), (self.colour, colours_in), (self.size, forms_in))]
        return [Seen(*parts) for parts in zip(*heads)]


def network(seed, rows, labels):
    """A small neural network, trained for a fixed number of passes."""
    model = MLPClassifier((HIDDEN_UNITS,), alpha=1e-2, learning_rate_init=3e-3, max_iter=PASSES,
                          n_iter_no_change=PASSES, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)     # it is not meant to converge
        return model.fit(rows, labels)


def learned_questions(seed):
    """(text, intent, language) of what the reader is shown: all usual English questions, some of the translated
    ones."""
    shown = [(wording, intent, None) for intent, wordings in questions.QUESTIONS.items() for wording in wordings]
    for language, table in questions.LANGUAGES.items():
        everything = [(wording, intent, language)
                      for intent, wordings in table["questions"].items() for wording in wordings]
        known = random_stream(seed, "learned", language).permutation(len(everything))
        shown += [everything[at] for at in known[:questions.LEARNED_QUESTION_COUNT[language]].tolist()]
    random = random_stream(seed, "fills")
    examples = []
    for wording, intent, language in shown:
        for _ in range(FILLS_OF_A_QUESTION):
            colours = [COLOURS[at] for at in random.integers(len(COLOURS), size=2)]
            shapes = [SHAPES[at] for at in random.permutation(len(SHAPES))[:2]]
            text = questions.filled(wording, colours[:questions.COLOUR_SLOTS.get(intent, 0)],
                                    shapes[:questions.SHAPE_SLOTS.get(intent, 0)], language)
            prefix = questions.PREFIXES[random.integers(len(questions.PREFIXES))] if language is None else ""
            examples.append((prefix + text, intent, language))
    return examples


def words_of(text):
    return [word for word in (part.strip("¿?.,:;!'\"").lower() for part in text.split()) if word] or [""]


def meaning(word, language):
    """0: none; then COLOURS, then SHAPES."""
    table = questions.LANGUAGES.get(language)
    for at, colour in enumerate(COLOURS):
        if word == (table["colours"][colour] if table else colour):
            return 1 + at
    for at, shape in enumerate(SHAPES):
        known = (table["shapes"][shape], table["plurals"][shape]) if table else (shape, questions.PLURALS[shape])
        if word in [form.lower() for form in known]:
            return 1 + len(COLOURS) + at
    return 0


class Reader:
    """Two linear models on n-grams: of words for the intent, of letters for what a word means."""

    def __init__(self, seed):
        texts, intents, languages = zip(*learned_questions(seed))
        self.intents = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                                     LogisticRegression(C=30.0, max_iter=1000))
        self.intents.fit(texts, [questions.INTENTS.index(intent) for intent in intents])
        vocabulary = sorted({(word, meaning(word, language))
                             for text, language in zip(texts, languages) for word in words_of(text)})
        words, meanings = zip(*vocabulary)
        self.meanings = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)),
                                      LogisticRegression(C=30.0, max_iter=1000))
        self.meanings.fit(words, meanings)

    def read(self, texts):
        intents = self.intents.predict_proba(texts)
        words = [words_of(text) for text in texts]
        tags = self.meanings.predict_proba([word for each in words for word in each])
        ends = np.cumsum([len(each) for each in words])
        return [Read(intents[at], words[at], tags[end - len(words[at]):end]) for at, end in enumerate(ends)]


# Answers

def count_distribution(probabilities):
    """Of the number of events among independent ones: entry k is the probability of k."""
    total = np.ones(1)
    for p in probabilities:
        total = np.convolve(total, (1 - p, p))
    return total


def at_least_one(probabilities):
    return 1 - np.prod(1 - probabilities)


def excess_probability(first, second):
    """Probability that more cells hold the one than the other, of exclusive events in independent cells."""
    difference = np.ones(1)
    for p, q in zip(first, second):
        difference = np.convolve(difference, (q, max(1 - p - q, 0.0), p))
    return difference[len(first) + 1:].sum() / difference.sum()


def relation_holds(intent):
    """9 x 9: does a thing in cell i stand in this relation to one in cell j."""
    row, column = np.divmod(np.arange(9), scenes.GRID)
    at, forward = (column, intent == "left") if intent in ("left", "right") else (row, intent == "above")
    return at[:, None] < at[None, :] if forward else at[:, None] > at[None, :]


def shared_out(weights, contents, found):
    """Contents by weight, where something was found at all; else nothing."""
    weights = np.asarray(weights, dtype=float)
    distribution = {content: found * weight for content, weight in zip(contents, weights / max(weights.sum(), 1e-300))}
    distribution[NOTHING] = 1 - found
    return distribution


def described(seen):
    things = [(COLOURS[colour.argmax()], SHAPES[shape.argmax() - 1])
              for shape, colour in zip(seen.shape, seen.colour) if shape.argmax() > 0]
    return ("scene", tuple(things))


def answer_distribution(seen, intent, colours, shapes):
    """Content to probability, for a question of this intent about these colours and shapes."""
    contents = VOCABULARY.get(family_of(intent))
    if intent == "describe":
        return {described(seen): 1.0}
    if intent in ("total", "of_colour", "of_shape"):
        cells = seen.matching(colours[0] if intent == "of_colour" else None,
                              shapes[0] if intent == "of_shape" else None)
        return dict(zip(contents, count_distribution(cells)))
    if intent == "more":
        p = excess_probability(seen.matching(shape=shapes[0]), seen.matching(shape=shapes[1]))
        return {("truth", True): p, ("truth", False): 1 - p}
    cells = seen.matching(colours[0] if intent != "colour" else None, shapes[0] if intent != "shape" else None)
    found = at_least_one(cells)
    if intent == "exists":
        return {("truth", True): found, ("truth", False): 1 - found}
    if intent == "colour":
        return shared_out(cells @ seen.colour, contents, found)
    if intent == "shape":
        return shared_out(seen.colour[:, COLOURS.index(colours[0])] @ seen.shape[:, 1:], contents, found)
    if intent == "place":
        return shared_out(cells, contents, found)
    if intent == "size":
        return shared_out(cells @ seen.size, contents, found)
    others = seen.matching(colours[1], shapes[1])
    pairs = np.outer(cells, others) * ~np.eye(9, dtype=bool)
    holding = pairs[relation_holds(intent)].sum()
    return shared_out([holding, pairs.sum() - holding], contents, found * at_least_one(others))


def answer(seen, read):
    """(content, intent, colours, shapes) of the answer to the question as it was understood."""
    intent = read.intent()
    colours, shapes = read.named(intent)
    distribution = answer_distribution(seen, intent, colours, shapes)
    return max(distribution, key=distribution.get), intent, colours, shapes


def predictive_distribution(seen, read):
    """Content to probability, over all intents that the question may have."""
    total = {}
    for intent, weight in zip(questions.INTENTS, read.intents):
        for content, probability in answer_distribution(seen, intent, *read.named(intent)).items():
            total[content] = total.get(content, 0.0) + weight * probability
    return total
