"""What longer answers do to a comparison of two models: LLaVA-1.6 against 1.5, as they are and with lengths matched.

    python Scripts/measure_wording.py [--emi .build/release/emi] [--shared ../shared] [--flags "--estimator club-kernel"] [--work DIR]

The 35 synthetic sets of LLaVA-Bench (COCO), 90 questions each, three about one image: prompts, answers of both models, references of
GPT-4, as texts that emi turns into hashed n-grams. Both models are judged by one fit on the pairs of both, row against row.

as they are      answers as the models gave them
cut              each answer cut to as many words as the shorter of both models' answers and the reference has
alike in length  only rows whose answers differ in their number of words by a factor of at most 1.25, from the run as they are
adjusted         from the run as they are: the difference of a row as a line in the log of the ratio of lengths, read where lengths
                 are equal; clustered by image (three rows of 35 sets)
Differences are LLaVA-1.6 less LLaVA-1.5, in nats; the last column counts sets whose 95 % interval excludes 0. Needs numpy, scipy.
"""

import argparse
import json
import pathlib
import shlex
import subprocess
import tempfile

import numpy as np
import scipy.stats

SCRIPTS = pathlib.Path(__file__).resolve().parent
ALIKE = 1.25


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def words(text):
    return len(text.split())


def names_of(shared):
    natural = ("_Arabic", "_Chinese", "_English", "_German", "_Greek", "_Hindi", "_Korean")
    return sorted(path.stem for path in shared.glob("responses/llava_bench_coco*.jsonl") if not path.stem.endswith(natural))


def rows_of(shared, name):
    """Of each question: prompt, both models' answers, reference."""
    references = {row["question_id"]: row["text"] for row in lines(shared / "reference_coco_gpt4.jsonl")}
    old, new = (lines(shared / folder / f"{name}.jsonl") for folder in ("responses", "responses-1.6"))
    newer = {row["question_id"]: row for row in new}
    return [(row["question_id"], row["prompt"], row["text"], newer[row["question_id"]]["text"], references[row["question_id"]])
            for row in old]


def cut(rows):
    found = []
    for question, prompt, old, new, reference in rows:
        most = max(1, min(words(old), words(new), words(reference)))
        found.append((question, prompt, " ".join(old.split()[:most]), " ".join(new.split()[:most]), reference))
    return found


def write_study(folder, sets, model):
    folder.mkdir(parents=True, exist_ok=True)
    manifest = ["version: 1"]
    for name, rows in sets.items():
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for question, prompt, *answers, reference in rows:
                file.write(json.dumps({"id": str(question), "group": str(question // 3), "text": prompt, "response": answers[model],
                                       "reference": reference}) + "\n")
        entry = f"{{ name: {name}, data: {name}.jsonl }}"
        manifest += [f"id: {entry}", "scenarios:"] if len(manifest) == 1 else [f"  - {entry}"]
    (folder / "manifest.yaml").write_text("\n".join(manifest) + "\n", encoding="utf-8")


def run(command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def compared(options, work, sets):
    """The comparison of both models, and the difference of every row: name of a set to id to nats."""
    for model in (0, 1):
        write_study(work / f"model{model}", sets, model)
    reports = [work / f"report{model}.json" for model in (0, 1)]
    for model, report in enumerate(reports):
        run([options.emi, "batch", work / f"model{model}/manifest.yaml", "--fit-with", work / f"model{1 - model}/manifest.yaml",
             "--keep-rows", "--permutations", "0", "--quiet", *shlex.split(options.flags), "-o", report])
    comparison = json.loads(run([options.emi, "compare", *reports, "--format", "json"]))
    if comparison["pairing"]["kind"] != "rows":
        raise SystemExit(f"measure_wording: rows were not paired: {comparison['pairing']}")
    kept = [{row["name"]: row for row in lines(report.with_suffix(".rows.jsonl"))[1:]} for report in reports]
    differences = {name: {identifier: new - old for identifier, old, new in
                          zip(kept[0][name]["ids"], kept[0][name]["model_mi"], kept[1][name]["model_mi"])} for name in sets}
    return comparison, differences


def interval(value, error, clusters):
    reach = error * scipy.stats.t.ppf(0.975, clusters - 1)
    return f"{value:+.3f} [{value - reach:+.3f}, {value + reach:+.3f}]"


def adjusted(values, ratios, images):
    """The line's value where lengths are equal and its slope, both with sandwich errors clustered by image."""
    design = np.column_stack([np.ones(len(values)), ratios])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ values
    scores = design * (values - design @ coefficients)[:, None]
    index = np.unique(images, return_inverse=True)[1]
    sums = np.array([np.bincount(index, column) for column in scores.T])
    count = sums.shape[1]
    errors = np.sqrt(np.diag(inverse @ (sums @ sums.T) @ inverse) * count / (count - 1))
    return coefficients, errors, count


def mean_of_rows(values, images):
    index = np.unique(images, return_inverse=True)[1]
    sums = np.bincount(index, values - values.mean())
    count = len(sums)
    return values.mean(), np.sqrt(count / (count - 1) * (sums ** 2).sum()) / len(values), count


def line_of(name, comparison):
    emi, emid = (comparison["measures"][measure] for measure in ("emi", "emid"))
    def excluded(measure):
        found = [each[measure]["difference"]["interval"] for each in comparison["scenarios"]]
        return f"{sum(high < 0 for _, high in found)} lower, {sum(low > 0 for low, _ in found)} higher"
    def shown(measure):
        return f"{measure['mean_difference']:+.3f} [{measure['interval'][0]:+.3f}, {measure['interval'][1]:+.3f}]"
    print(f"| {name} | {emi['mean_a']:.3f} | {emi['mean_b']:.3f} | {shown(emi)} | {excluded('emi')} | {shown(emid)} | {excluded('emid')} |",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--emi", default=".build/release/emi")
    parser.add_argument("--shared", type=pathlib.Path, default=SCRIPTS.parent.parent / "shared")
    parser.add_argument("--flags", default="", help="further flags of emi batch")
    parser.add_argument("--work", type=pathlib.Path)
    options = parser.parse_args()
    shared = options.shared / "llava-bench"
    if not shared.exists():
        raise SystemExit(f"measure_wording: expected the answers in {shared}, found no such folder")
    sets = {name: rows_of(shared, name) for name in names_of(shared)}
    lengths = np.array([[words(text) for text in row[2:]] for rows in sets.values() for row in rows])
    print("median words of an answer: LLaVA-1.5 {:.0f}, LLaVA-1.6 {:.0f}, references {:.0f}; means {:.0f}, {:.0f}, {:.0f}\n".format(
        *np.median(lengths, axis=0), *lengths.mean(axis=0)))
    print("| answers | EMI of 1.5 | of 1.6 | difference | sets | EMID, difference | sets |\n|:--|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or pathlib.Path(temporary)
        comparison, differences = compared(options, work / "whole", sets)
        line_of("as they are", comparison)
        line_of("cut", compared(options, work / "cut", {name: cut(rows) for name, rows in sets.items()})[0])
    values, ratios, images = [], [], []
    for name, rows in sets.items():
        for question, _, old, new, _ in rows:
            values.append(differences[name][str(question)])
            ratios.append(np.log(max(1, words(new)) / max(1, words(old))))
            images.append(question // 3)
    values, ratios, images = map(np.array, (values, ratios, images))
    alike = abs(ratios) <= np.log(ALIKE)
    print(f"\nrows as they are, all 35 sets together: {interval(*mean_of_rows(values, images))} of {len(values)} rows")
    print(f"alike in length: {interval(*mean_of_rows(values[alike], images[alike]))} of {alike.sum()} rows")
    (level, slope), (level_error, slope_error), count = adjusted(values, ratios, images)
    print(f"adjusted: {interval(level, level_error, count)} at equal length; "
          f"{interval(slope * np.log(2), slope_error * np.log(2), count)} for an answer twice as long; "
          f"Pearson of a row's difference with the log ratio {np.corrcoef(values, ratios)[0, 1]:+.2f}")


if __name__ == "__main__":
    main()
