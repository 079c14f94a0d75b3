"""Probabilities of the digits study's model: of each digit, from the votes of its classifier, and of each answer."""

import itertools

import numpy as np

from studies import digits_questions as questions

FOLD_COUNT = 5
VOTE_SLOPE = 8.0                # votes per unit of a decision value, at the boundary
SCALES = np.geomspace(0.25, 16.0, 25)

# Questions that no image of a digit answers.
UNANSWERABLE = (
    "Who wrote this digit?", "What colour is the ink?", "When was the image taken?", "Which pen was used?",
    "Is the writer left-handed?", "How old is the paper?", "What stands on the back of the page?",
    "Why was the number written down?", "How much did the paper cost?", "Which town is the writer from?",
)


def votes(classifier, rows):
    """How many of the nine others each digit wins against, in the classifier's 45 pairwise decisions: rows x 10. A
    decision near its boundary is a part of a vote; the digit with the most votes is nearly always what the classifier
    says."""
    decisions = np.clip(classifier.decision_function(rows), -30, 30)
    total = np.zeros((len(rows), 10))
    for at, (first, second) in enumerate(itertools.combinations(range(10), 2)):
        share = 1 / (1 + np.exp(-VOTE_SLOPE * decisions[:, at]))
        total[:, first] += share
        total[:, second] += 1 - share
    return total


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


class DigitProbabilities:
    """softmax(scale * votes). The scale is the one that fits images of the training set best, each judged by a
    classifier that did not see it: calibrated, as far as one number can, for what the model was trained on, and for
    nothing else."""

    def __init__(self, classifier, fit, rows, digits, image_count):
        self.classifier = classifier
        # Versions of one image follow each other at a distance of the number of images: they share a fold.
        folds = np.arange(len(rows)) % image_count % FOLD_COUNT
        counted = np.zeros((len(rows), 10))
        for fold in range(FOLD_COUNT):
            inside = folds == fold
            counted[inside] = votes(fit(rows[~inside], digits[~inside]), rows[inside])
        losses = [-np.log(softmax(scale * counted)[np.arange(len(rows)), digits]).mean() for scale in SCALES]
        self.scale = SCALES[int(np.argmin(losses))]

    def __call__(self, images):
        return softmax(self.scale * votes(self.classifier, images.reshape(len(images), -1)))


def answer_distribution(digit_probabilities, type_probabilities):
    """Content to probability, of one image and one question; `type_probabilities` maps question types."""
    total = {}
    for question_type, weight in type_probabilities.items():
        for digit, probability in enumerate(digit_probabilities):
            content = (question_type, questions.answer_value(question_type, digit))
            total[content] = total.get(content, 0.0) + weight * probability
    return total


def offers(right, other_type, digit, random):
    """Three wrong options beside the right content: another value for the same question, then what another question
    about the same image is answered with, and another value for that one."""
    def other_value(content):
        values = sorted({questions.answer_value(content[0], each) for each in range(10)} - {content[1]})
        return content[0], values[random.integers(len(values))]

    beside = (other_type, questions.answer_value(other_type, digit))
    return [other_value(right), beside, other_value(beside)]
