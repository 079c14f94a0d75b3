"""The studies that EMI is measured on: what they promise of their rows, their answers and their options. By Scripts/test-studies."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "Scripts"
FIXTURES = SCRIPTS.parent / "Fixtures"
sys.path.insert(0, str(SCRIPTS))

import make_digits_study  # noqa: E402
import make_shapes_study  # noqa: E402
import measure_models  # noqa: E402
import measure_study  # noqa: E402
from studies import option_scores, shapes_answers, shapes_model, shapes_questions, shapes_scenes  # noqa: E402
from studies.files import random_stream  # noqa: E402
from text_features import featurize  # noqa: E402

STUDIES = {"digits": make_digits_study.DigitsStudy, "shapes": make_shapes_study.ShapesStudy}
ROWS = 30
SETS = {"digits": ("clean", "frost_5", "sr_7", "id_Hindi"), "shapes": ("clean", "blur_5", "typos_3", "hedged", "outlined_Spanish")}


def named(study, name):
    return next(scenario for scenario in study.scenarios() if scenario.name == name)


@pytest.fixture(scope="module", params=STUDIES)
def study(request):
    """A small study of each kind, its base model."""
    made = STUDIES[request.param](ROWS, seed=1, model="base")
    made.name = request.param
    return made


def rows_of(study, name):
    return study.rows_and_visual(named(study, name))[0]


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def made_by_command(script, folder, *arguments):
    return subprocess.run([sys.executable, SCRIPTS / script, "--out", folder, *arguments], capture_output=True, text=True)


# Both studies

def test_the_fixtures_are_what_the_script_makes(tmp_path):
    assert made_by_command("make_digits_study.py", tmp_path, "--only", "clean,frost_3,hard_Hindi").returncode == 0
    for name in ("clean", "frost_3"):
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (FIXTURES / "digits" / f"{name}.jsonl").read_bytes()
    for name in ("clean", "frost_3", "hard_Hindi"):
        made, kept = (np.load(folder / f"{name}.npz") for folder in (tmp_path, FIXTURES / "digits"))
        assert made.files == kept.files
        for array in made.files:
            exact = made[array].dtype.kind == "U" or array == "score"
            assert np.array_equal(made[array], kept[array]) if exact else np.allclose(made[array], kept[array], atol=1e-3)


def test_the_compact_fixtures_are_what_the_script_makes(tmp_path):
    sets = "clean,cast_3_German,brief,outlined_Spanish"
    assert made_by_command("make_shapes_study.py", tmp_path, "--compact", "--only", sets).returncode == 0
    for name in sets.split(","):
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (FIXTURES / "shapes" / f"{name}.jsonl").read_bytes()
    # A set of the images of another has none of its own.
    assert sorted(path.name for path in tmp_path.glob("*.npz")) == ["cast_3_German.npz", "clean.npz", "outlined_Spanish.npz"]
    made, kept = (np.load(folder / "clean.npz")["visual"] for folder in (tmp_path, FIXTURES / "shapes"))
    assert np.allclose(made, kept, atol=1e-3)
    brief = "- { name: brief, kind: style, data: { visual: clean.npz, text: brief.jsonl, response: brief.jsonl, reference: brief.jsonl } }"
    for folder in (tmp_path, FIXTURES / "shapes"):
        assert brief in (folder / "manifest.yaml").read_text()


def test_the_fixtures_of_options_are_what_the_script_makes():
    study = make_digits_study.DigitsStudy(300, seed=0, model="base")
    for ending, blanked in (("", None), ("_text_only", "image"), ("_image_only", "question")):
        kept = read(FIXTURES / f"options/frost_5{ending}.jsonl")
        made = [option_scores.choice(each, study.seed) for each in study.predictions(named(study, "frost_5"), blanked)]
        assert [(row["id"], row["label"]) for row in made] == [(row["id"], row["label"]) for row in kept]
        assert np.allclose([row["options"] for row in made], [row["options"] for row in kept], atol=1e-2)


def test_the_confidences_of_the_manifest_are_what_the_script_makes(tmp_path):
    assert made_by_command("make_digits_study.py", tmp_path, "--options", "--only", "clean,frost_3,hard_Hindi").returncode == 0
    for name in ("clean", "frost_3", "hard_Hindi"):
        made, kept = (np.load(folder / f"options/{name}.npz") for folder in (tmp_path, FIXTURES / "digits"))
        for array in ("id", "group", "label"):
            assert np.array_equal(made[array], kept[array])
        assert np.allclose(made["options"], kept["options"], atol=1e-2)
        rows = read(tmp_path / f"options/{name}.jsonl")
        assert np.allclose(made["options"], [row["options"] for row in rows], atol=1e-5)
    line = "- { name: frost_3, kind: visual, data: frost_3.npz, confidences: options/frost_3.npz }"
    for folder in (tmp_path, FIXTURES / "digits"):
        assert line in (folder / "manifest.yaml").read_text()


@pytest.mark.parametrize("script", ["make_digits_study.py", "make_shapes_study.py"])
def test_a_set_is_the_same_whichever_others_are_made(script, tmp_path):
    other = {"make_digits_study.py": "sr_7", "make_shapes_study.py": "hedged"}[script]
    for folder, sets in (("alone", "clean"), ("beside", f"{other},clean")):
        assert made_by_command(script, tmp_path / folder, "--rows", "12", "--only", sets).returncode == 0
    assert (tmp_path / "alone/clean.npz").read_bytes() == (tmp_path / "beside/clean.npz").read_bytes()
    assert (tmp_path / "beside/scores.csv").read_text().splitlines()[0] == "name,kind,accuracy"
    manifest = (tmp_path / "beside/manifest.yaml").read_text()
    assert "id: { name: clean, data: clean.npz }" in manifest and f"name: {other}" in manifest


@pytest.mark.parametrize("arguments, sentence", [
    (("--rows", "31"), "--rows: expected a multiple of 3"), (("--rows", "0"), "--rows: expected"), (("--seed", "-1"), "--seed: expected"),
    (("--only", "fog"), "no set is named 'fog'"), (("--model", "other"), "invalid choice"),
])
def test_bad_options_are_refused(arguments, sentence, tmp_path):
    done = made_by_command("make_shapes_study.py", tmp_path / "out", *arguments)
    assert done.returncode == 2 and sentence in done.stderr
    assert not (tmp_path / "out").exists()


def test_rows_come_in_images_and_pair_with_the_clean_set(study):
    clean = rows_of(study, "clean")
    assert len(clean) == ROWS and len({row.id for row in clean}) == ROWS
    assert {len(list(rows)) for _, rows in itertools.groupby(clean, key=lambda row: row.group)} == {3}
    shifted = rows_of(study, SETS[study.name][1])
    assert [(row.id, row.reference) for row in clean] == [(row.id, row.reference) for row in shifted]
    # What changed are images: the questions are the same, and some answers are not.
    assert [row.prompt for row in clean] == [row.prompt for row in shifted]
    assert np.mean([row.correct for row in shifted]) < np.mean([row.correct for row in clean])


def test_visual_embeddings_are_unit_rows(study):
    for name in SETS[study.name]:
        rows, visual = study.rows_and_visual(named(study, name))
        assert visual.shape == (len(rows), 256)
        assert np.allclose(np.linalg.norm(visual, axis=1), 1)


def test_there_are_enough_sets_and_their_names_differ(study):
    names = [scenario.name for scenario in study.scenarios()]
    assert names[0] == "clean" and len(names) == len(set(names)) >= 31


def test_the_rephrased_model_is_right_in_the_same_rows_in_other_words(study):
    other = STUDIES[study.name](ROWS, seed=1, model="rephrased")
    for name in SETS[study.name]:
        first, second = rows_of(study, name), rows_of(other, name)
        assert [row._replace(response="") for row in first] == [row._replace(response="") for row in second]
    first, second = rows_of(study, "clean"), rows_of(other, "clean")
    assert sum(a.response != b.response for a, b in zip(first, second)) > ROWS / 3


def test_the_exposed_model_sees_more_of_what_it_was_shown(study):
    other = STUDIES[study.name](ROWS, seed=1, model="exposed")
    name = {"digits": "defocus_blur_5", "shapes": "blur_3"}[study.name]
    first, second = rows_of(study, name), rows_of(other, name)
    assert [(row.id, row.prompt, row.reference) for row in first] == [(row.id, row.prompt, row.reference) for row in second]
    assert sum(row.correct for row in second) > sum(row.correct for row in first)


# Options

def test_options_are_scores_of_four_answers_of_which_one_is_right(study):
    for name in SETS[study.name]:
        for prediction in study.predictions(named(study, name)):
            assert sum(prediction.distribution.values()) == pytest.approx(1, abs=1e-9)
            if prediction.wrong:
                contents, label = option_scores.offered(prediction, study.seed)
                assert len(set(contents)) == 4 and contents[label] == prediction.right
                row = option_scores.choice(prediction, study.seed)
                assert len(row["options"]) == 4 and all(np.isfinite(row["options"])) and max(row["options"]) <= 0


def test_a_blanked_image_or_question_leaves_less_to_answer_with(study):
    def accuracy(blanked):
        choices = [option_scores.choice(each, study.seed) for each in study.predictions(named(study, "clean"), blanked) if each.wrong]
        return np.mean([np.argmax(row["options"]) == row["label"] for row in choices])

    assert accuracy(None) > 0.9
    assert accuracy("image") < 0.75 and accuracy("question") < 0.75


def test_files_of_options_have_the_same_rows_in_the_same_order(study, tmp_path):
    option_scores.write_options(tmp_path, study, [named(study, name) for name in SETS[study.name][:2]])
    clean = read(tmp_path / "clean.jsonl")
    assert [set(row) for row in clean] == [{"id", "group", "options", "label"}] * len(clean)
    for other in ("clean_image_only", "clean_text_only", SETS[study.name][1]):
        assert [(row["id"], row["label"]) for row in read(tmp_path / f"{other}.jsonl")] == [(row["id"], row["label"]) for row in clean]
    free = read(tmp_path / "clean_idk.jsonl")
    assert sum(row["answerable"] for row in free) == len(clean) and len(free) == len(clean) + ROWS // 3
    assert not any(row["correct"] and (row["abstained"] or not row["answerable"]) for row in free)
    assert all(0 <= row["confidence"] <= 1 for row in free)
    # It knows more of what it does not know than of what it does.
    abstains = [np.mean([row["abstained"] for row in free if row["answerable"] == kind]) for kind in (0, 1)]
    assert abstains[0] > abstains[1] + 0.3


# Shapes

def certain(things):
    """What eyes that never err would say of a scene."""
    shape, colour, size = np.zeros((9, 5)), np.full((9, 6), 1 / 6), np.full((9, 2), 1 / 2)
    shape[:, 0] = 1
    for thing in things:
        shape[thing.cell] = np.eye(5)[1 + shapes_questions.SHAPES.index(thing.shape)]
        colour[thing.cell] = np.eye(6)[shapes_questions.COLOURS.index(thing.colour)]
        size[thing.cell] = np.eye(2)[shapes_questions.SIZES.index(thing.size)]
    return shapes_model.Seen(shape, colour, size)


def test_who_sees_and_reads_without_error_answers_without_error():
    asked_of = set()
    for at in range(150):
        random = random_stream(5, "test", at)
        things = shapes_scenes.drawn_scene(random, "usual")
        for question in make_shapes_study.drawn_questions(things, 0, random):
            distribution = shapes_model.answer_distribution(certain(things), question.intent, question.colours, question.shapes)
            assert max(distribution, key=distribution.get) == question.truth, question
            assert sum(distribution.values()) == pytest.approx(1)
            asked_of.add(question.intent)
    assert asked_of == set(shapes_questions.INTENTS)


def test_distributions_of_counts_are_those_of_all_outcomes():
    random = np.random.default_rng(2)
    p, q = random.uniform(0, 0.5, 5), random.uniform(0, 0.5, 5)
    counts, more = np.zeros(6), 0.0
    for outcome in itertools.product(range(3), repeat=5):        # the one, the other, neither
        chance = np.prod([(a, b, 1 - a - b)[kind] for kind, a, b in zip(outcome, p, q)])
        counts[outcome.count(0)] += chance
        more += chance * (outcome.count(0) > outcome.count(1))
    assert np.allclose(shapes_model.count_distribution(p), counts)
    assert shapes_model.excess_probability(p, q) == pytest.approx(more)


def test_one_claim_from_two_points_of_view_is_one_claim():
    here = shapes_answers.proposition(("truth", True), "left", ("red", "blue"), ("cross", "circle"))
    assert here == shapes_answers.proposition(("truth", True), "right", ("blue", "red"), ("circle", "cross"))
    assert here != shapes_answers.proposition(("truth", True), "right", ("red", "blue"), ("cross", "circle"))
    assert shapes_answers.proposition(("number", 2), "of_shape", (), ("cross",)) != shapes_answers.proposition(("number", 2), "total", (), ())


@pytest.mark.parametrize("style", [*shapes_answers.STYLES, *shapes_answers.REQUESTED_STYLES])
def test_every_answer_is_a_whole_sentence(style):
    colours, shapes = ("orange", "blue"), ("square", "cross")
    said = set()
    for intent in shapes_questions.INTENTS:
        contents = shapes_answers.VOCABULARY.get(shapes_answers.family_of(intent), [("scene", (("orange", "cross"),)), ("scene", ())])
        for content in [*contents, ("none",)]:
            for draw in range(12):
                text = shapes_answers.sentence(content, intent, colours, shapes, style, draw)
                assert "{" not in text and "  " not in text and text == text.strip() and "a orange" not in text, text
                said.add(text)
    assert len(said) > 30


def test_questions_name_what_they_ask_about_in_the_order_of_their_intent():
    colours, shapes = ("orange", "blue"), ("square", "cross")
    for intent, wordings in shapes_questions.QUESTIONS.items():
        named_colours = colours[:shapes_questions.COLOUR_SLOTS.get(intent, 0)]
        named_shapes = shapes[:shapes_questions.SHAPE_SLOTS.get(intent, 0)]
        for wording in wordings:
            words = shapes_model.words_of(shapes_questions.filled(wording, named_colours, named_shapes))
            meanings = [shapes_model.meaning(word, None) for word in words]
            found = [shapes_questions.COLOURS[at - 1] for at in meanings if 1 <= at <= 6]
            assert found == list(named_colours), wording
            assert [shapes_questions.SHAPES[at - 7] for at in meanings if at > 6] == list(named_shapes), wording


@pytest.mark.parametrize("language", shapes_questions.LANGUAGES)
def test_a_language_asks_every_question_twice_and_names_what_it_asks_about(language):
    table = shapes_questions.LANGUAGES[language]["questions"]
    assert set(table) == set(shapes_questions.INTENTS) and {len(wordings) for wordings in table.values()} == {2}
    for intent, wordings in table.items():
        colours = shapes_questions.COLOURS[:shapes_questions.COLOUR_SLOTS.get(intent, 0)]
        shapes = shapes_questions.SHAPES[:shapes_questions.SHAPE_SLOTS.get(intent, 0)]
        for wording in wordings:
            text = shapes_questions.filled(wording, colours, shapes, language)
            meanings = [shapes_model.meaning(word, language) for word in shapes_model.words_of(text.replace("'", " "))]
            assert sum(at > 0 for at in meanings) == len(colours) + len(shapes), text


def test_a_shift_leaves_pictures_pictures():
    random = random_stream(3, "test")
    image = shapes_scenes.picture(shapes_scenes.drawn_scene(random, "usual"), random, "usual")
    for condition in shapes_scenes.VISUAL_CONDITIONS:
        shifted = shapes_scenes.shifted(image, condition, random_stream(3, condition))
        assert shifted.shape == image.shape and 0 <= shifted.min() and shifted.max() <= 1 and not np.array_equal(shifted, image)


# Measures

def test_auroc_counts_pairs():
    values, right = np.array([3.0, 1.0, 2.0, 2.0, 0.5]), np.array([1, 0, 1, 0, 0])
    pairs = [(a > b) + 0.5 * (a == b) for a in values[right == 1] for b in values[right == 0]]
    assert measure_study.auroc(values, right) == pytest.approx(np.mean(pairs))
    assert measure_study.auroc(values, np.ones(5)) is None


def test_whitened_cosine_is_one_for_a_repetition_and_near_none_for_strangers():
    random = np.random.default_rng(4)
    rows = measure_study.unit(random.normal(size=(200, 20)))
    assert np.allclose(measure_study.whitened_cosines(rows, rows), 1)
    strangers = measure_study.whitened_cosines(rows, measure_study.unit(random.normal(size=(200, 20))))
    assert abs(strangers.mean()) < 4 / np.sqrt(200 * 20)


def test_the_table_counts_scenarios_above_their_bound():
    judged = measure_study.Judged([0.0, -1.0, -2.0, -3.0], [1.0, 0.8, 0.5, 0.2], None, [1.0, 2.0, 3.0], [2.0, 1.5, 9.0])
    cells = [cell.strip() for cell in measure_study.line("digits", 90, "EMI", [judged]).split("|")]
    assert cells[4] == "0.996" and cells[5] == "1.000" and cells[6] == ""
    assert cells[7] == "1 of 3" and cells[9] == "2.00"


def test_a_report_is_read_as_it_is_written():
    def of(value, score, **more):
        return {"emi": {"value": value}, "score": score, "rows": {"auroc": 0.5}, **more}

    report = {"id": of(0.0, 1.0), "scenarios": [
        of(-1.0, 0.5, status="ok", emid={"value": 1.0}, bound={"value": 3.0}),
        of(-2.0, 0.2, status="ok", emid={"value": 2.0}),
        {"status": "failed"}]}
    judged = measure_study.judged_by_emi(report)
    assert judged.values == [0.0, -1.0, -2.0] and judged.gaps == [1.0] and judged.bounds == [3.0]


def test_two_models_are_compared_row_by_row():
    class Twin:
        """A row adds the cosine of its response and its reference."""

        @staticmethod
        def estimate(references, responses, groups, places):
            return (references * responses).sum(axis=1), np.zeros(len(references)), None

    texts = ["three", "red", "no", "a cross", "two", "blue"]
    bundle = {"reference": featurize(texts), "group": np.array(list("aabbcc")), "id": np.array(list("123456"))}
    first = {"clean": {**bundle, "response": featurize(["none"] * 6), "score": np.zeros(6)}}
    second = {"clean": {**bundle, "response": featurize(texts), "score": np.ones(6)}}
    [(accuracy, change, paired, unpaired)] = measure_models.changes(Twin, first, second)
    assert accuracy == 1 and change > 0.5 and paired == pytest.approx(unpaired)     # the second model's values do not vary
    shuffled = {"clean": {**second["clean"], "id": bundle["id"][::-1]}}
    with pytest.raises(SystemExit):
        measure_models.changes(Twin, first, shuffled)
