"""The shapes study: pictures of coloured shapes, questions and answers in free wording, and a model that really errs.

    python Scripts/make_shapes_study.py --out DIR [--rows 90] [--seed 0] [--only clean,blur_3] [--model base]
                                         [--options]

A second study beside `make_digits_study.py`, different in kind: pictures are drawn, with several things in each;
answers are numbers, colours, shapes, places, sizes, yes or no, and whole descriptions, each in one of many wordings,
short and long; some sets ask for another style of answer. Three questions of different families are asked about each
picture, which is one group. The model (`studies/shapes_model.py`) sees with small neural networks trained on clean
scenes and reads with linear models trained on usual questions. The reference is the true answer in a wording of its
own.

Sets (name: what is shifted)
    clean                                        nothing: the in-distribution set
    noise_1 _3 _5, blur_…, occlusion_…, cast_…,
    zoom_1 _3                                    the pictures, by severity                          kind visual
    paraphrase, synonyms_1 _3, typos_1 _3,
    telegraphic, archaic                         the questions                                      kind text
    German, Spanish, French                      the questions, translated                          kind natural-text
    noise_3_paraphrase, … (16)                   both: four shifts by four                       kind joint
    brief, formal, casual, hedged                the question asks for a style of answer            kind style
    noise_3_brief, … (4)                         the same, with noise                               kind style-joint
    outlined, patterned, pastel, crowded         other scenes than those that were learned          kind natural-visual
    outlined_paraphrase, outlined_Spanish, … (8) both                                               kind natural-joint

Files, options and what they promise are those of `make_digits_study.py`: NAME.npz (visual, text, response, reference:
rows x 256; id, group, score), NAME.jsonl, scores.csv, manifest.yaml. An answer is right if it claims what the reference
claims: a right number of the wrong shapes is wrong. `--model exposed` has eyes that also saw noise and blur.

The severities were chosen by the accuracies that follow, from near chance to near 1, and by nothing that emi says.
"""

from typing import NamedTuple

import numpy as np

from studies import shapes_answers as answers
from studies import shapes_model
from studies import shapes_questions as questions
from studies import shapes_scenes as scenes
from studies.command import make_study
from studies.files import Row, random_stream
from studies.option_scores import Prediction

QUESTIONS_PER_IMAGE = 3
VISUAL_COLUMNS = 256
FILTER_SIDE = 5

DOMAINS = ("outlined", "patterned", "pastel", "crowded")
TEXTUAL_CONDITIONS = ("paraphrase", *questions.SYNONYM_PROBABILITY, *questions.TYPO_WORD_SHARE,
                      "telegraphic", "archaic")
JOINT_VISUAL = ("noise_3", "blur_3", "occlusion_3", "cast_3")
JOINT_TEXTUAL = ("paraphrase", "synonyms_3", "typos_1", "German")


class Scenario(NamedTuple):
    name: str
    kind: str
    domain: str = "usual"       # which scenes
    visual: str = "clean"       # what was done to them
    textual: str = "clean"      # a textual condition, a language, or a style that is asked for


class Asked(NamedTuple):
    """One question: the rows of a domain, before any shift."""
    image: int
    position: int               # first, second or third question on the picture
    intent: str
    colours: tuple              # that it names, in order
    shapes: tuple
    truth: tuple                # the content of the right answer
    draw: int                   # picks the wording among those of its language
    prefix: int
    reference_style: str
    reference_draw: int


def scenarios():
    """All 61 sets, `clean` first."""
    found = [Scenario("clean", "id")]
    found += [Scenario(visual, "visual", visual=visual) for visual in scenes.VISUAL_CONDITIONS]
    found += [Scenario(textual, "text", textual=textual) for textual in TEXTUAL_CONDITIONS]
    found += [Scenario(language, "natural-text", textual=language) for language in questions.LANGUAGES]
    found += [Scenario(f"{visual}_{textual}", "joint", visual=visual, textual=textual)
              for visual in JOINT_VISUAL for textual in JOINT_TEXTUAL]
    found += [Scenario(style, "style", textual=style) for style in answers.REQUESTED_STYLES]
    found += [Scenario(f"noise_3_{style}", "style-joint", visual="noise_3", textual=style)
              for style in answers.REQUESTED_STYLES]
    found += [Scenario(domain, "natural-visual", domain=domain) for domain in DOMAINS]
    found += [Scenario(f"{domain}_{textual}", "natural-joint", domain=domain, textual=textual)
              for domain in DOMAINS for textual in ("paraphrase", "Spanish")]
    return found


# Questions about a scene

def only_one(things, key):
    """The things that no other of the scene is like."""
    keys = [key(thing) for thing in things]
    return [thing for thing, own in zip(things, keys) if keys.count(own) == 1]


def picked(random, values):
    return values[random.integers(len(values))]


def colour_and_shape(thing):
    return thing.colour, thing.shape


def asked_about(things, family, random):
    """(intent, colours, shapes, truth) of a question of this family; None where the scene does not lend itself to
    one."""
    if family == "total":
        return family, (), (), ("number", len(things))
    if family == "of_colour":
        colour = picked(random, [thing.colour for thing in things] + list(questions.COLOURS[:2]))
        return family, (colour,), (), ("number", sum(thing.colour == colour for thing in things))
    if family == "of_shape":
        shape = picked(random, questions.SHAPES)
        return family, (), (shape,), ("number", sum(thing.shape == shape for thing in things))
    if family == "more":
        first, second = (questions.SHAPES[at] for at in random.permutation(len(questions.SHAPES))[:2])
        counts = [sum(thing.shape == shape for thing in things) for shape in (first, second)]
        if (random.random() < 0.5) != (counts[0] > counts[1]):
            first, second, counts = second, first, counts[::-1]
        return family, (), (first, second), ("truth", counts[0] > counts[1])
    if family == "describe":
        return family, (), (), ("scene", tuple(colour_and_shape(thing) for thing in things))
    if family == "exists":
        present = {colour_and_shape(thing) for thing in things}
        absent = sorted({(one.colour, other.shape) for one in things for other in things} - present)
        there = random.random() < 0.5 or not absent
        colour, shape = picked(random, sorted(present) if there else absent)
        return family, (colour,), (shape,), ("truth", there)
    if family == "relation":
        alone = only_one(things, colour_and_shape)
        if len(alone) < 2:
            return None
        first, second = (alone[at] for at in random.permutation(len(alone))[:2])
        holds = {relation: bool(shapes_model.relation_holds(relation)[first.cell, second.cell])
                 for relation in questions.RELATIONS}
        wanted = random.random() < 0.5
        relation = picked(random, [name for name, value in holds.items() if value == wanted])
        return relation, (first.colour, second.colour), (first.shape, second.shape), ("truth", holds[relation])
    key = {"colour": lambda thing: thing.shape, "shape": lambda thing: thing.colour}.get(family, colour_and_shape)
    alone = only_one(things, key)
    if not alone:
        return None
    thing = picked(random, alone)
    truth = {"colour": thing.colour, "shape": thing.shape, "place": thing.cell, "size": thing.size}[family]
    colours, shapes = () if family == "colour" else (thing.colour,), () if family == "shape" else (thing.shape,)
    return family, colours, shapes, (family, truth)


def drawn_questions(things, image, random):
    """Three questions of different families about a scene."""
    asked = []
    for family in random.permutation(questions.FAMILIES).tolist():
        question = asked_about(things, family, random)
        if question and len(asked) < QUESTIONS_PER_IMAGE:
            asked.append(Asked(
                image, len(asked), *question, draw=int(random.integers(30)),      # a multiple of 5, 3 and 2 wordings
                prefix=int(random.integers(len(questions.PREFIXES))),
                reference_style=picked(random, answers.USUAL_STYLES), reference_draw=int(random.integers(12))))
    return asked


def worded(asked, textual):
    """The question in words, before it is spoiled."""
    if textual in questions.LANGUAGES:
        wordings, language, prefix = questions.LANGUAGES[textual]["questions"][asked.intent], textual, ""
    else:
        table = questions.PARAPHRASES if textual == "paraphrase" else questions.QUESTIONS
        wordings, language, prefix = table[asked.intent], None, questions.PREFIXES[asked.prefix]
    text = questions.filled(wordings[asked.draw % len(wordings)], asked.colours, asked.shapes, language)
    if textual in answers.REQUESTED_STYLES:
        text += " " + answers.REQUESTED_STYLES[textual][0]
    return prefix + text


def prompt_of(asked, scenario, seed):
    """The question as the model gets it. Each question has a perturbation of its own, the same in every set."""
    random = random_stream(seed, scenario.textual, scenario.domain, asked.image, asked.position)
    return spoiled(worded(asked, scenario.textual), scenario.textual, random)


def spoiled(text, textual, random):
    """A question under a textual condition that works on any wording; as it is, under another."""
    if textual in TEXTUAL_CONDITIONS and textual != "paraphrase":
        return questions.rewritten(text, textual, random)
    return text


def visual_features(images):
    """Fixed random filters of 5 x 5, rectified and averaged over a 4 x 4 grid: 16 filters, 256 columns, unit rows."""
    random = random_stream(0, "shapes visual features")
    filters = random.standard_normal((FILTER_SIDE * FILTER_SIDE * 3, 16))
    filters -= filters.mean(axis=0)
    windows = np.lib.stride_tricks.sliding_window_view(images, (FILTER_SIDE, FILTER_SIDE), axis=(1, 2))
    count, side = len(images), windows.shape[1]
    responses = np.maximum(windows.reshape(count, side, side, -1) @ filters, 0.0)
    pooled = responses.reshape(count, 4, side // 4, 4, side // 4, 16).mean(axis=(2, 4)).reshape(count, VISUAL_COLUMNS)
    return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


class ShapesStudy:
    """Scenes, model and questions of one seed."""

    questions_per_image = QUESTIONS_PER_IMAGE
    largest_row_count = 3000

    def __init__(self, row_count, seed, model):
        self.seed, self.model = seed, model
        self.eye = shapes_model.Eye(seed, exposed=model == "exposed")
        self.reader = shapes_model.Reader(seed)
        self.images, self.asked = {}, {}
        for domain in ("usual",) + DOMAINS:
            self.images[domain], self.asked[domain] = [], []
            for image in range(row_count // QUESTIONS_PER_IMAGE):
                random = random_stream(seed, "scene", domain, image)
                things = scenes.drawn_scene(random, domain)
                self.images[domain].append(scenes.picture(things, random, domain))
                self.asked[domain] += drawn_questions(things, image, random)

    @staticmethod
    def scenarios():
        return scenarios()

    def pictures(self, scenario):
        """The pictures of a set, one each. Each has a corruption of its own, the same in every set."""
        images = self.images[scenario.domain]
        if scenario.visual != "clean":
            images = [scenes.shifted(image, scenario.visual, random_stream(self.seed, scenario.visual, at))
                      for at, image in enumerate(images)]
        return np.array(images)

    def rows_and_visual(self, scenario):
        """The rows of a set and their visual embeddings."""
        asked = self.asked[scenario.domain]
        pictures = self.pictures(scenario)
        seen = self.eye.look(pictures)
        prompts = [prompt_of(question, scenario, self.seed) for question in asked]
        purpose = ("answers", "rephrased", scenario.name) if self.model == "rephrased" else ("answers", scenario.name)
        random = random_stream(self.seed, *purpose)
        rows = []
        for question, prompt, read in zip(asked, prompts, self.reader.read(prompts)):
            content, intent, colours, shapes = shapes_model.answer(seen[question.image], read)
            style, draw = picked(random, answers.USUAL_STYLES), int(random.integers(12))
            if scenario.textual in answers.REQUESTED_STYLES:
                style = scenario.textual
            rows.append(Row(
                id=id_of(scenario, question), group=group_of(scenario, question), prompt=prompt,
                response=answers.sentence(content, intent, colours, shapes, style, draw),
                reference=answers.sentence(question.truth, question.intent, question.colours, question.shapes,
                                           question.reference_style, question.reference_draw),
                correct=answers.proposition(content, intent, colours, shapes) == answers.proposition(
                    question.truth, question.intent, question.colours, question.shapes)))
        return rows, visual_features(pictures)[[question.image for question in asked]]

    def predictions(self, scenario, blanked=None):
        """Of the rows of a set, as `option_scores` reads them."""
        asked = self.asked[scenario.domain]
        pictures = self.pictures(scenario)
        if blanked == "image":
            pictures = np.broadcast_to(self.eye.mean_picture, pictures.shape)
        seen = self.eye.look(pictures)
        prompts = ["" if blanked == "question" else prompt_of(question, scenario, self.seed) for question in asked]
        reads = self.reader.read(prompts)
        found = []
        for question, read in zip(asked, reads):
            others = [other for other in asked if other.image == question.image and other.position != question.position]
            random = random_stream(self.seed, "offers", scenario.domain, question.image, question.position)
            found.append(Prediction(id_of(scenario, question), group_of(scenario, question), question.truth,
                                    wrong_contents(question, others, random),
                                    shapes_model.predictive_distribution(seen[question.image], read)))
        return found

    def unanswerable_predictions(self, scenario):
        """Of one question that cannot be answered about each picture of a set."""
        first = [question for question in self.asked[scenario.domain] if question.position == 0]
        prompts = []
        for question in first:
            random = random_stream(self.seed, "unanswerable", scenario.textual, scenario.domain, question.image)
            text = questions.filled(picked(random, questions.UNANSWERABLE), (picked(random, questions.COLOURS),),
                                    (picked(random, questions.SHAPES),))
            prompts.append(spoiled(text, scenario.textual, random))
        seen = self.eye.look(self.pictures(scenario))
        return [Prediction(f"{group_of(scenario, question)}-unanswerable", group_of(scenario, question), None, None,
                           shapes_model.predictive_distribution(seen[question.image], read))
                for question, read in zip(first, self.reader.read(prompts))]


def wrong_contents(question, others, random):
    """Three wrong options for a question: another content of its kind, then what another question about the same
    picture is answered with, and another content of that kind. None for descriptions."""
    def another(intent, content):
        contents = [each for each in answers.VOCABULARY[answers.family_of(intent)] if each != content]
        near = [each for each in contents if content[0] != "number" or abs(each[1] - content[1]) <= 2]
        return picked(random, near)

    if question.intent == "describe":
        return None
    told_apart = [other for other in others if other.intent != "describe" and other.truth[0] != question.truth[0]]
    # Where all questions about a picture have answers of one kind, a place stands in, or a size.
    stand_in = ("size", ("size", "small")) if question.truth[0] == "place" else ("place", ("place", 4))
    intent, content = picked(random, [(other.intent, other.truth) for other in told_apart] or [stand_in])
    return [another(question.intent, question.truth), content, another(intent, content)]


def group_of(scenario, question):
    prefix = "" if scenario.domain == "usual" else f"{scenario.domain}-"
    return f"{prefix}scene{question.image:04d}"


def id_of(scenario, question):
    return f"{group_of(scenario, question)}-q{question.position}"


if __name__ == "__main__":
    make_study("Make the shapes study: bundles, answer files, accuracies and a manifest.", ShapesStudy)
