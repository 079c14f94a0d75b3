"""Scores of answer options: what a calibration study reads, from the same models and the same shifted inputs.

Each question is put as a multiple choice of four, in an order of the question's own that is the same in every set: the
right answer, another one to the same question, the right answer to another question about the same image, and another
one to that. Who sees but does not read has even chances between two of them, and so has who reads but does not see. A
score is the natural logarithm of the probability that the model gives to that answer, over everything that the question
may mean and the image may show. Descriptions have no options and are left out.

Written to DIR/options, for each set NAME

    NAME.jsonl              id, group, options (four scores), label (place of the right one)
    NAME.npz                the same as arrays, scores in single precision: a tenth of the size
    NAME_image_only.jsonl   the same rows, the question blanked (an empty text)
    NAME_text_only.jsonl    the same rows, the image blanked (the mean of the training images)
    NAME_idk.jsonl          id, group, answerable, abstained, correct, confidence: free answers to the set's questions,
                            and to one about each image that cannot be answered. The model abstains where no answer has
                            half of the probability, or where it finds nothing of what it was asked about.

with scores.csv (name, kind, share of right choices) and manifest.yaml. The manifest of the study names NAME.npz as the
confidences of each set, so that `emi batch` and `emi calibrate` run on one manifest.

A study provides `predictions(scenario, blanked)` and `unanswerable_predictions(scenario)`: lists of Prediction.
"""

from typing import NamedTuple

import numpy as np

from studies.files import random_stream, write_manifest, write_npz, write_objects, write_scores

LEAST_PROBABILITY = 1e-9        # of an option: a score is finite
ABSTENTION_THRESHOLD = 0.5
NOTHING = ("none",)             # the answer that nothing of what was asked about was found


class Prediction(NamedTuple):
    id: str
    group: str
    right: tuple            # the content of the right answer; None where there is none
    wrong: list             # three contents that are offered beside it; None where a question cannot be put as a choice
    distribution: dict      # content to probability


def offered(prediction, seed):
    """Four contents, and the place of the right one among them."""
    random = random_stream(seed, "options", prediction.id)
    chosen = [prediction.right, *prediction.wrong]
    order = random.permutation(len(chosen)).tolist()
    return [chosen[at] for at in order], order.index(0)


def choice(prediction, seed):
    """A row of the calibration files, as a dictionary."""
    contents, label = offered(prediction, seed)
    scores = [float(np.log(max(prediction.distribution.get(content, 0.0), LEAST_PROBABILITY))) for content in contents]
    rounded = [round(score, 5) for score in scores]
    return {"id": prediction.id, "group": prediction.group, "options": rounded, "label": label}


def choice_arrays(choices):
    """The rows of the calibration files as arrays."""
    return {"id": np.array([row["id"] for row in choices]), "group": np.array([row["group"] for row in choices]),
            "options": np.array([row["options"] for row in choices], dtype=np.float32),
            "label": np.array([row["label"] for row in choices], dtype=np.int8)}


def free_answer(prediction):
    """What the model says or does not say, as a dictionary."""
    given = {content: value for content, value in prediction.distribution.items() if content != NOTHING}
    best = max(given, key=given.get)
    confidence = float(given[best])
    abstained = confidence < ABSTENTION_THRESHOLD or prediction.distribution.get(NOTHING, 0.0) > confidence
    right = prediction.right is not None and best == prediction.right and not abstained
    return {"id": prediction.id, "group": prediction.group, "answerable": int(prediction.right is not None),
            "abstained": int(abstained), "correct": int(right), "confidence": round(min(confidence, 1.0), 6)}


def write_options(folder, study, scenarios):
    """Writes the four files of each set, and what they have in common."""
    folder.mkdir(parents=True, exist_ok=True)
    scores = []
    for scenario in scenarios:
        for ending, blanked in (("", None), ("_image_only", "question"), ("_text_only", "image")):
            choices = [choice(each, study.seed) for each in study.predictions(scenario, blanked) if each.wrong]
            write_objects(folder / f"{scenario.name}{ending}.jsonl", choices)
            if blanked is None:
                write_npz(folder / f"{scenario.name}.npz", choice_arrays(choices))
                chosen = [int(np.argmax(row["options"])) == row["label"] for row in choices]
                scores.append((scenario.name, scenario.kind, float(np.mean(chosen))))
        answers = [free_answer(each) for each in study.predictions(scenario, None) if each.wrong]
        answers += [free_answer(each) for each in study.unanswerable_predictions(scenario)]
        write_objects(folder / f"{scenario.name}_idk.jsonl", answers)
    write_scores(folder / "scores.csv", scores)
    if len(scores) > 1:
        write_manifest(folder / "manifest.yaml", scores, data="{}.jsonl")
