"""The digits study: one in-distribution set and 61 shifted ones, with a visual question answerer that really errs.

    python Scripts/make_digits_study.py --out DIR [--rows 90] [--seed 0] [--only clean,frost_3] [--model base]
                                         [--options]

scikit-learn's bundled handwritten digits are the images; each image is asked three questions of different types and is
one group. The model is an image classifier (SVM on 400 clean images of ten blocks of writers) beside a question
understander (character n-grams and logistic regression on clean English questions and a part of the translated ones);
its answer says what both say. The reference is the true answer in a phrasing of its own.

Sets (name: what is shifted)
    clean                                        nothing: the in-distribution set
    defocus_blur_1 _3 _5, frost_1 _3 _5          the images, by severity                            kind visual
    sr_4, sr_7                                   the questions: synonyms, probability 0.4, 0.7      kind text
    KeyboardAug_1, KeyboardAug_3                 the questions: typos in 25 %, 60 % of the words    kind text
    frost_3_sr_4, … (24)                         both: VISUAL_TEXTUAL                               kind joint
    id_German, … (6 languages)                   the questions, translated                          kind natural-text
    normal_English, easy_English, hard_English   the images: unseen writers, slanted and thin strokes;
                                                 easy and hard are the halves nearest to and farthest
                                                 from the training images                           kind natural-visual
    normal_German, easy_Hindi, … (18)            both: DOMAIN_LANGUAGE                              kind natural-joint
Languages: German, Chinese, Korean, Greek, Arabic, Hindi.

Written to DIR, for each set
    NAME.npz     visual, text, response, reference (rows x 256, float16, unit rows up to rounding), id, group (unicode),
                 score (0 or 1: was the answer right)
    NAME.jsonl   one object per row: id, group, prompt, response, reference, correct
    scores.csv      name, kind, accuracy of the sets written, in the order above
    manifest.yaml   of the sets written, for `emi batch`
`--model rephrased` says the same in other words; `--model exposed` has a classifier that also saw blurred and frosted
training images: same rows, questions and references, for paired comparisons. `--options` writes scores of answer
options to DIR/options (`studies/option_scores.py`).

Rows that ask the same question about the same image have the same id in every set: all synthetic sets, and the
translated questions on in-distribution images, pair row by row with `clean`. The same rows, seed and library versions
give the same bytes, whichever sets are asked for. Made with numpy 2.4, scipy 1.17, scikit-learn 1.9.
"""

import functools
from typing import NamedTuple

import numpy as np
import scipy.ndimage
from sklearn.datasets import load_digits
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from studies import digits_options
from studies import digits_questions as questions
from studies.command import make_study
from studies.files import Row, random_stream
from studies.option_scores import Prediction

QUESTIONS_PER_IMAGE = 3
TRAINING_IMAGE_COUNT = 400
FIRST_UNSEEN_IMAGE = 1287       # where the eleventh of the fourteen writer blocks starts
SIDE = 8                        # of the scans, in pixels
ENLARGEMENT = 4                 # blur, slant and thinning happen on 32 x 32
VISUAL_COLUMNS = 256
VISUAL_FREQUENCY = 0.3          # standard deviation of the random directions, for pixels in [0, 1]

DISK_RADIUS = {1: 3.0, 3: 4.6, 5: 6.4}
FROST_BLEND = {1: (1.0, 0.30), 3: (0.75, 0.55), 5: (0.60, 0.75)}
SYNONYM_PROBABILITY = {"sr_4": 0.4, "sr_7": 0.7}
TYPO_WORD_SHARE = {"KeyboardAug_1": 0.25, "KeyboardAug_3": 0.60}
SLANT_DEGREES = (8.0, 20.0)

VISUAL_CONDITIONS = ("clean", *(f"defocus_blur_{severity}" for severity in DISK_RADIUS),
                     *(f"frost_{severity}" for severity in FROST_BLEND))
TEXTUAL_CONDITIONS = ("clean",) + tuple(SYNONYM_PROBABILITY) + tuple(TYPO_WORD_SHARE)
DOMAINS = ("id", "normal", "easy", "hard")


class Scenario(NamedTuple):
    name: str
    kind: str
    domain: str         # which images
    visual: str         # what was done to them
    textual: str        # what was done to the questions
    language: str


class Asked(NamedTuple):
    """One question: the rows of a domain, before any shift."""
    image: int          # index in the data set
    position: int       # first, second or third question on the image
    question_type: str
    draw: int           # picks the question's wording among those of its language
    prefix: int         # picks the English prefix
    reference_phrasing: int


def scenarios():
    """All 62 sets, `clean` first."""
    found = [Scenario("clean", "id", "id", "clean", "clean", "English")]
    for visual in VISUAL_CONDITIONS:
        for textual in TEXTUAL_CONDITIONS:
            shifted = [name for name in (visual, textual) if name != "clean"]
            if shifted:
                kind = "joint" if len(shifted) == 2 else ("visual" if textual == "clean" else "text")
                found.append(Scenario("_".join(shifted), kind, "id", visual, textual, "English"))
    for domain in DOMAINS:
        for language in questions.LANGUAGES:
            if (domain, language) != ("id", "English"):
                kind = "text" if domain == "id" else ("visual" if language == "English" else "joint")
                found.append(Scenario(f"{domain}_{language}", f"natural-{kind}", domain, "clean", "clean", language))
    return found


# Images: arrays of count x 8 x 8 in [0, 1]

def enlarged(image):
    return image.repeat(ENLARGEMENT, axis=0).repeat(ENLARGEMENT, axis=1)


def reduced(image):
    return image.reshape(SIDE, ENLARGEMENT, SIDE, ENLARGEMENT).mean(axis=(1, 3))


def defocused(image, radius):
    reach = int(np.ceil(radius))
    down, across = np.mgrid[-reach:reach + 1, -reach:reach + 1]
    disk = (down**2 + across**2 <= radius**2).astype(float)
    return reduced(scipy.ndimage.convolve(enlarged(image), disk / disk.sum(), mode="constant"))


def frost_texture(random):
    """A real texture whose amplitude falls as one over the frequency, stretched to [0, 1]."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE)[None, :])
    frequency[0, 0] = np.inf
    texture = np.fft.ifft2(np.fft.fft2(random.standard_normal((SIDE, SIDE))) / frequency).real
    return (texture - texture.min()) / (texture.max() - texture.min())


def frosted(image, blend, random):
    of_image, of_texture = blend
    return np.clip(of_image * image + of_texture * frost_texture(random), 0.0, 1.0)


def slanted_and_thinned(image, random):
    slope = np.tan(np.radians(random.uniform(*SLANT_DEGREES)))
    centre = (SIDE * ENLARGEMENT - 1) / 2
    shear = np.array([[1.0, 0.0], [slope, 1.0]])
    slanted = scipy.ndimage.affine_transform(enlarged(image), shear, offset=[0.0, -slope * centre], order=1)
    return reduced(scipy.ndimage.grey_erosion(slanted, size=(3, 3)))


def shifted_images(images, indices, condition, seed):
    """The images under a visual condition. Each image has a corruption of its own, the same in every set."""
    if condition == "clean":
        return images
    kind, severity = condition.rsplit("_", 1)
    shifted = []
    for index, image in zip(indices, images):
        random = random_stream(seed, condition, index)
        if kind == "frost":
            shifted.append(frosted(image, FROST_BLEND[int(severity)], random))
        else:
            shifted.append(defocused(image, DISK_RADIUS[int(severity)]))
    return np.array(shifted)


def unseen_writers(images, seed):
    """Slanted and thin versions of the images of the last four blocks, and their indices."""
    indices = np.arange(FIRST_UNSEEN_IMAGE, len(images))
    shifted = [slanted_and_thinned(image, random_stream(seed, "slant", index))
               for index, image in zip(indices, images[indices])]
    return np.array(shifted), indices


def visual_features(images):
    """Pixels through fixed random Fourier features: a smooth image of all 64 of them, so that perturbations show."""
    random = random_stream(0, "visual features")
    directions = random.standard_normal((SIDE * SIDE, VISUAL_COLUMNS)) * VISUAL_FREQUENCY
    phases = random.uniform(0.0, 2 * np.pi, VISUAL_COLUMNS)
    features = np.cos(images.reshape(len(images), -1) @ directions + phases)
    return features / np.linalg.norm(features, axis=1, keepdims=True)


# Questions

def draw_questions(indices, image_count, seed, domain):
    """Three questions of different types on each of some images drawn from a domain."""
    random = random_stream(seed, "questions", domain)
    asked = []
    for image in sorted(random.choice(indices, image_count, replace=False).tolist()):
        types = random.permutation(questions.QUESTION_TYPES)[:QUESTIONS_PER_IMAGE]
        for position, question_type in enumerate(types.tolist()):
            draw = int(random.integers(12))      # a multiple of both 4 English and 3 translated wordings
            prefix = int(random.integers(len(questions.ENGLISH_PREFIXES)))
            phrasing = int(random.integers(questions.ANSWER_PHRASING_COUNT))
            asked.append(Asked(image, position, question_type, draw, prefix, phrasing))
    return asked


def worded(asked, language):
    if language == "English":
        wordings = questions.ENGLISH_QUESTIONS[asked.question_type]
        return questions.ENGLISH_PREFIXES[asked.prefix] + wordings[asked.draw % len(wordings)]
    wordings = questions.TRANSLATED_QUESTIONS[language][asked.question_type]
    return wordings[asked.draw % len(wordings)] + questions.TRANSLATED_SUFFIX


def shifted_prompt(asked, scenario, seed):
    """The question as the model gets it. Each question has a perturbation of its own, the same in every set."""
    random = random_stream(seed, scenario.textual, asked.image, asked.position)
    return spoiled(worded(asked, scenario.language), scenario, random)


def spoiled(prompt, scenario, random):
    """A question under a set's textual condition."""
    if scenario.textual in SYNONYM_PROBABILITY:
        return questions.with_synonyms(prompt, SYNONYM_PROBABILITY[scenario.textual], random)
    if scenario.textual in TYPO_WORD_SHARE:
        return questions.with_typos(prompt, TYPO_WORD_SHARE[scenario.textual], random)
    return prompt


# The model

def training_set(images, digits, training, seed, exposed):
    """What the classifier is shown: clean images, and, if exposed, a blurred and a frosted version of each as well."""
    shown = [images[training]]
    if exposed:
        for kind in ("defocus_blur", "frost"):
            versions = [shifted_images(images[training], training, f"{kind}_{level}", seed) for level in (1, 3, 5)]
            shown.append(np.array([versions[at % len(versions)][at] for at in range(len(training))]))
    return np.concatenate(shown), np.tile(digits[training], len(shown))


def image_classifier(images, digits):
    classifier = SVC(kernel="rbf", C=10.0, gamma=0.02, decision_function_shape="ovo")
    return classifier.fit(images.reshape(len(images), -1), digits)


def learned_questions(seed):
    """What the question understander is shown: every English question, and some of the translated ones."""
    examples = [(prefix + wording, question_type)
                for question_type, wordings in questions.ENGLISH_QUESTIONS.items()
                for wording in wordings for prefix in questions.ENGLISH_PREFIXES]
    for language, translated in questions.TRANSLATED_QUESTIONS.items():
        everything = [(wording + questions.TRANSLATED_SUFFIX, question_type)
                      for question_type, wordings in translated.items() for wording in wordings]
        known = random_stream(seed, "learned", language).permutation(len(everything))
        examples += [everything[at] for at in known[:questions.LEARNED_TRANSLATION_COUNT[language]].tolist()]
    return examples


def question_understander(seed):
    texts, types = zip(*learned_questions(seed))
    model = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
                          LogisticRegression(C=10.0, max_iter=1000))
    return model.fit(texts, types)


# The study

class DigitsStudy:
    """Images, model and questions of one seed."""

    questions_per_image = QUESTIONS_PER_IMAGE
    largest_row_count = 765

    def __init__(self, row_count, seed, model):
        data = load_digits()
        self.seed, self.model = seed, model
        self.images, self.digits = data.images / 16.0, data.target
        shuffled = random_stream(seed, "training images").permutation(FIRST_UNSEEN_IMAGE)
        training, held_out = shuffled[:TRAINING_IMAGE_COUNT], shuffled[TRAINING_IMAGE_COUNT:]
        shown, digits = training_set(self.images, self.digits, training, seed, exposed=model == "exposed")
        self.classifier = image_classifier(shown, digits)
        self.digit_probabilities = functools.cache(lambda: digits_options.DigitProbabilities(
            self.classifier, image_classifier, shown.reshape(len(shown), -1), digits, len(training)))
        self.mean_image = self.images[training].mean(axis=0)
        self.understander = question_understander(seed)

        unseen, indices = unseen_writers(self.images, seed)
        self.images = np.concatenate([self.images[:FIRST_UNSEEN_IMAGE], unseen])
        near_first = indices[np.argsort(self.training_distances(unseen, training), kind="stable")]
        half = len(indices) // 2
        pools = {"id": held_out, "normal": indices, "easy": near_first[:half], "hard": near_first[half:]}
        image_count = row_count // QUESTIONS_PER_IMAGE
        self.asked = {domain: draw_questions(pools[domain], image_count, seed, domain) for domain in DOMAINS}

    @staticmethod
    def scenarios():
        return scenarios()

    def training_distances(self, images, training):
        """Squared distance of each image to the nearest training image."""
        flat, known = images.reshape(len(images), -1), self.images[training].reshape(len(training), -1)
        return ((flat[:, None, :] - known[None, :, :])**2).sum(axis=2).min(axis=1)

    def inputs(self, scenario):
        """The questions of a set, their images as shifted (one a row), and their prompts as shifted."""
        asked = self.asked[scenario.domain]
        indices = [question.image for question in asked]
        images = shifted_images(self.images[indices], indices, scenario.visual, self.seed)
        return asked, images, [shifted_prompt(question, scenario, self.seed) for question in asked]

    def rows_and_visual(self, scenario):
        """The rows of a set and their visual embeddings."""
        asked, images, prompts = self.inputs(scenario)
        seen = self.classifier.predict(images.reshape(len(images), -1))
        understood = self.understander.predict(prompts)
        purpose = ("answers", "rephrased", scenario.name) if self.model == "rephrased" else ("answers", scenario.name)
        phrasings = random_stream(self.seed, *purpose).integers(questions.ANSWER_PHRASING_COUNT, size=len(asked))
        rows = []
        for question, prompt, digit, question_type, phrasing in zip(asked, prompts, seen, understood, phrasings):
            truth = int(self.digits[question.image])
            right = question_type == question.question_type and (
                questions.answer_value(question_type, digit) == questions.answer_value(question_type, truth))
            rows.append(Row(
                id=id_of(question), group=group_of(question), prompt=prompt,
                response=questions.answer_sentence(question_type, digit, phrasing),
                reference=questions.answer_sentence(question.question_type, truth, question.reference_phrasing),
                correct=bool(right)))
        return rows, visual_features(images)

    def distributions(self, images, prompts):
        """Of each image and its question: content to probability."""
        digits = self.digit_probabilities()(images)
        types = self.understander.predict_proba(prompts)
        return [digits_options.answer_distribution(of_digit, dict(zip(self.understander.classes_.tolist(), of_type)))
                for of_digit, of_type in zip(digits, types)]

    def predictions(self, scenario, blanked=None):
        """Of the rows of a set, as `option_scores` reads them."""
        asked, images, prompts = self.inputs(scenario)
        if blanked == "image":
            images = np.broadcast_to(self.mean_image, images.shape)
        if blanked == "question":
            prompts = [""] * len(prompts)
        found = []
        for question, distribution in zip(asked, self.distributions(images, prompts)):
            digit = int(self.digits[question.image])
            right = (question.question_type, questions.answer_value(question.question_type, digit))
            random = random_stream(self.seed, "offers", question.image, question.position)
            others = [each for each in questions.QUESTION_TYPES if each != question.question_type]
            wrong = digits_options.offers(right, others[random.integers(len(others))], digit, random)
            found.append(Prediction(id_of(question), group_of(question), right, wrong, distribution))
        return found

    def unanswerable_predictions(self, scenario):
        """Of one question that cannot be answered about each image of a set."""
        asked, images, _ = self.inputs(scenario)
        first = [at for at, question in enumerate(asked) if question.position == 0]
        prompts = []
        for at in first:
            random = random_stream(self.seed, "unanswerable", scenario.textual, asked[at].image)
            prompt = digits_options.UNANSWERABLE[random.integers(len(digits_options.UNANSWERABLE))]
            prompts.append(spoiled(prompt, scenario, random))
        return [Prediction(f"{group_of(asked[at])}-unanswerable", group_of(asked[at]), None, None, distribution)
                for at, distribution in zip(first, self.distributions(images[first], prompts))]


def group_of(asked):
    return f"img{asked.image:04d}"


def id_of(asked):
    return f"{group_of(asked)}-q{asked.position}"


if __name__ == "__main__":
    make_study("Make the digits study: bundles, answer files, accuracies and a manifest.", DigitsStudy)
