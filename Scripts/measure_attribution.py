"""How well `emi attribute` finds moved partners, values pairs and traces wrong answers, on real pairs.

    python Scripts/measure_attribution.py [--emi .build/release/emi] [--seeds 3] [--only detector,valuation,trace]
                                          [--shared ../shared] [--ridge 0.3]

detector    shares of 5 to 30 % of the pairs get the partner of another such pair; printed for each share: AUROC of the score, of
            the cosine and of the softmax cosine, the mean share of right pairs that are confirmed (q <= 0.05), and the largest
            share of wrong pairs among the confirmed of a run. Also nothing moved, and everything moved.
            Pairs: prompts and answers of LLaVA in two sets of ../shared (90 rows; left out where the folder is absent), scans of
            digits with captions that name the digit (500 rows, hashed n-grams), and with captions that say more (make_pairs.py).
            A moved caption that says the same as the scan's own is no mistake and is counted as right.
valuation   300 scans, 20 % moved, 150 clean validation pairs, rank 20: the loss before, predicted, measured and random change
            after removing 10 %, and the error of the prediction.
trace       400 scans, 18 % with the caption of one other digit each (4 as 9, 3 as 8, 1 as 7), 10 % at random: wrong answers of the
            poisoned kind among 400 clean queries with 10 candidates, and how many of them a refit without the 10 named
            pairs corrects.

Needs numpy, scikit-learn, regex.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from sklearn.datasets import load_digits

import make_pairs
from text_features import featurize

SCRIPTS = pathlib.Path(__file__).resolve().parent
SHARES = (0.05, 0.1, 0.2, 0.3)


def area_under_curve(right, wrong):
    """The probability that a right pair scores above a wrong one, ties counting half."""
    return float(np.mean([(right > value).mean() + (right == value).mean() / 2 for value in wrong]))


class Emi:
    def __init__(self, program, flags):
        self.program, self.flags = program, flags

    def attribute(self, folder, *arguments):
        """The report and its rows, keyed by id."""
        command = [self.program, "attribute", *map(str, arguments), *self.flags, "--quiet",
                   "-o", f"{folder}/r.json", "-o", f"{folder}/r.csv"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        report = json.loads(pathlib.Path(folder, "r.json").read_text(encoding="utf-8"))
        with open(f"{folder}/r.csv", newline="", encoding="utf-8") as file:
            rows = {row["id"]: row for row in csv.DictReader(file)}
        return report, rows


def save(path, left, right, identifiers, groups=None):
    more = {} if groups is None else {"group": np.array(groups)}
    np.savez(path, left=left, right=right, id=np.array(identifiers), **more)


def detect(emi, left, right, is_moved, groups=None):
    count = len(left)
    identifiers = [f"row{index:05d}" for index in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        save(f"{folder}/pairs.npz", left, right, identifiers, groups)
        report, rows = emi.attribute(folder, f"{folder}/pairs.npz", "--left", "left", "--right", "right")
    def column(name):
        values = [rows[identifier][name] for identifier in identifiers]
        return np.array([float(value) for value in values]) if values[0] else None
    confirmed = np.array([rows[identifier]["confirmed"] == "true" for identifier in identifiers])
    areas = {}
    for name in ("score", "cosine", "softmax_cosine"):
        values = column(name)
        if values is not None and 0 < is_moved.sum() < count:
            areas[name] = area_under_curve(values[~is_moved], values[is_moved])
    wrong = (confirmed & is_moved).sum() / max(1, confirmed.sum())
    return report["detection"], areas, float(wrong), float(confirmed[~is_moved].mean()) if (~is_moved).any() else 0.0


def detector_table(emi, name, sets, seeds):
    print(f"\n{name}: AUROC score / cosine / softmax cosine; share of right pairs confirmed; worst share of wrong among confirmed")
    for share in SHARES:
        areas, power, worst = {"score": [], "cosine": [], "softmax_cosine": []}, [], []
        for left, right, contents, groups in sets:
            for seed in range(seeds):
                source, _ = make_pairs.cycle(len(left), share, np.random.default_rng([seed, *b"moved"]))
                # A caption that came from another scan and says the same is right.
                _, found, wrong, confirmed = detect(emi, left, right[source], contents[source] != contents, groups)
                for key, value in found.items():
                    areas[key].append(value)
                power.append(confirmed)
                worst.append(wrong)
        shown = " / ".join(f"{np.mean(values):.3f}" if values else "-" for values in areas.values())
        print(f"  {share:4.0%}  {shown}   confirmed {np.mean(power):.2f}   worst {max(worst):.3f}, mean {np.mean(worst):.3f}"
              f"   least AUROC of the score {min(areas['score']):.3f}", flush=True)
    for left, right, contents, groups in sets:
        clean, _, _, _ = detect(emi, left, right, np.zeros(len(left), bool), groups)
        source = np.random.default_rng(0).permutation(len(left))
        all_moved, _, _, _ = detect(emi, left, right[source], contents[source] != contents, groups)
        print(f"  nothing moved: share {clean['share']:.3f}, flagged {clean['flagged']['count']}, "
              f"confirmed {clean['confirmed']['count']} of {len(left)}; everything: share {all_moved['share']:.2f}, "
              f"flagged {all_moved['flagged']['count']}, confirmed {all_moved['confirmed']['count']}, "
              f"pair AUROC {all_moved['pair_auroc']:.2f}", flush=True)


def llava(shared):
    for name in ("llava_bench_coco", "llava_bench_coco_frost_3_sr_4"):
        arrays = np.load(pathlib.Path(shared, "llava-bench", "embeddings", f"{name}.npz"))
        yield arrays["text"], arrays["response"], np.arange(90), [f"image{index // 3}" for index in range(90)]


def digits(rows, seed, rich):
    data = load_digits()
    random = np.random.default_rng([seed, *b"digits"])
    chosen = random.permutation(len(data.images))[:rows]
    texts = make_pairs.captions(data.images[chosen], data.target[chosen], random) if rich else \
        make_pairs.plain_captions(data.target[chosen], random)
    return data.images[chosen].reshape(rows, -1), featurize(texts), data.target[chosen], texts


def valuation_table(emi, seeds):
    print("\nvaluation: 300 scans, 20 % moved, 150 validation pairs, rank 20, remove 10 %")
    for seed in range(seeds):
        left, right, _, _ = digits(450, seed, rich=False)
        source, moved = make_pairs.cycle(300, 0.2, np.random.default_rng([seed, *b"moved"]))
        with tempfile.TemporaryDirectory() as folder:
            names = [f"row{index:05d}" for index in range(450)]
            save(f"{folder}/pairs.npz", left[:300], right[source], names[:300])
            save(f"{folder}/clean.npz", left[300:], right[300:], names[300:])
            report, rows = emi.attribute(folder, f"{folder}/pairs.npz", "--left", "left", "--right", "right",
                                         "--validation", f"{folder}/clean.npz", "--rank", "20")
        value = report["valuation"]
        influence = np.array([float(rows[name]["influence"]) for name in names[:300]])
        is_moved = np.isin(np.arange(300), moved)
        error = abs(value["predicted_change_if_removed"] / value["measured_change_if_removed"] - 1)
        print(f"  loss {value['loss']:.3f}, predicted {value['predicted_change_if_removed']:+.4f}, measured "
              f"{value['measured_change_if_removed']:+.4f} ({error:.1%} off), random {value['random_change']:+.4f}; "
              f"influence as a detector {area_under_curve(influence[~is_moved], influence[is_moved]):.3f}", flush=True)


def trace_table(emi, seeds):
    print("\ntrace: 400 scans, 18 % poisoned (4 as 9, 3 as 8, 1 as 7), 10 % at random; 400 clean queries, 10 candidates")
    corrected, changes = [], []
    for seed in range(seeds):
        left, right, labels, _ = digits(800, seed, rich=False)
        random = np.random.default_rng([seed, *b"poison"])
        source = np.arange(400)
        poison = {4: 9, 3: 8, 1: 7}
        for true, false in poison.items():
            rows = random.permutation(np.flatnonzero(labels[:400] == true))[:24]
            source[rows] = random.choice(np.flatnonzero(labels[:400] == false), len(rows))
        rest = np.setdiff1d(np.arange(400), np.flatnonzero(source != np.arange(400)))
        noise = random.choice(rest, 40, replace=False)
        source[noise] = np.roll(noise, 1)
        names = [f"row{index:05d}" for index in range(800)]
        # One candidate a digit: the plain words.
        candidates = featurize([f"The digit is {name}." for name in make_pairs.NAMES])
        with tempfile.TemporaryDirectory() as folder:
            save(f"{folder}/pairs.npz", left[:400], right[source], names[:400])
            save(f"{folder}/queries.npz", left[400:], candidates[labels[400:]], names[400:])
            save(f"{folder}/candidates.npz", np.eye(10, 64), candidates, make_pairs.NAMES)
            report, rows = emi.attribute(
                folder, f"{folder}/pairs.npz", "--left", "left", "--right", "right", "--trace", f"{folder}/queries.npz",
                "--candidates", f"{folder}/candidates.npz", "--traced", "400", "--rank", "20")
        found = [answer for answer in report["trace"]["traced"]
                 if poison.get(make_pairs.NAMES.index(answer["right"])) == make_pairs.NAMES.index(answer["answer"])]
        corrected += [answer["corrected"] for answer in found]
        changes += [(answer["predicted_margin_change"], answer["measured_margin_change"]) for answer in found]
        wrong_label = set(np.array(names[:400])[labels[source] != labels[:400]])
        top = [cause["id"] in wrong_label for answer in found for cause in answer["top"]]
        print(f"  {report['trace']['wrong']} of 400 wrong, {len(found)} of the poisoned kind, corrected "
              f"{np.mean([answer['corrected'] for answer in found]):.2f}; of the 10 named pairs mislabelled {np.mean(top):.2f} "
              f"(of all {len(wrong_label) / 400:.2f})", flush=True)
    predicted, measured = np.array(changes).T
    ranks = [np.argsort(np.argsort(values)) for values in (predicted, measured)]
    print(f"  all: corrected {np.mean(corrected):.2f} of {len(corrected)}; margin change predicted {predicted.mean():+.2f}, measured "
          f"{measured.mean():+.2f}; Spearman {np.corrcoef(*ranks)[0, 1]:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--emi", default=str(SCRIPTS.parent / ".build/release/emi"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="detector,valuation,trace")
    parser.add_argument("--shared", type=pathlib.Path, default=SCRIPTS.parent.parent / "shared")
    parser.add_argument("--ridge", default="0.3")
    options = parser.parse_args()
    emi = Emi(options.emi, ["--ridge", options.ridge])
    if "detector" in options.only:
        if options.shared.exists():
            detector_table(emi, "LLaVA, prompts and answers (n = 90, two sets)", list(llava(options.shared)), options.seeds)
        else:
            print(f"LLaVA is left out: no folder {options.shared}")
        for rich in (False, True):
            left, right, labels, texts = digits(500, 0, rich)
            contents = np.unique([make_pairs.content(text) for text in texts], return_inverse=True)[1] if rich else labels
            detector_table(emi, f"digits, {'richer' if rich else 'plain'} captions (n = 500)", [(left, right, contents, None)], options.seeds)
    if "valuation" in options.only:
        valuation_table(emi, options.seeds)
    if "trace" in options.only:
        trace_table(emi, options.seeds)


if __name__ == "__main__":
    main()
