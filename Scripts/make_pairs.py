"""Real image-caption pairs for `emi attribute`: scikit-learn's scans of digits, with captions that say what is on them.

    python Scripts/make_pairs.py --out Fixtures/pairs [--rows 300] [--clean-rows 200] [--share 0.1] [--seed 0]

An image is 8 x 8 pixels, a vector of 64 whole numbers. Its caption names the digit, how thick the strokes are and where they
lean, as measured on the pixels, in one of several phrasings. In `digits.jsonl` a share of the pairs has the caption of another
pair of that share (a cycle, so that every one of them is moved); `digits_clean.jsonl` has other images, nothing moved;
`digits_moved.csv` says which rows are moved and whose caption they have. The same arguments give the same bytes.
Made with numpy 2.4 and scikit-learn 1.9.
"""

import argparse
import csv
import json
import pathlib

import numpy as np
from sklearn.datasets import load_digits

NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
PHRASINGS = ["A {thick} {name}, {lean}.", "The digit {name}: {thick} strokes, {lean}.", "Somebody wrote a {name}; it is {thick} and {lean}."]
PLAIN_PHRASINGS = ["The digit is {name}.", "It shows a {name}.", "A handwritten {name}.", "{name} is what was written here."]


def attributes(image):
    """How thick and how slanted a digit is: the mean ink where there is ink, and the shear of the ink about its middle."""
    ink = image / 16.0
    down, across = np.mgrid[0:8, 0:8]
    mass = ink.sum()
    middle_down, middle_across = (ink * down).sum() / mass, (ink * across).sum() / mass
    spread = (ink * (down - middle_down) ** 2).sum()
    shear = (ink * (down - middle_down) * (across - middle_across)).sum() / spread
    return mass, -shear


def captions(images, digits, random):
    """One caption an image. The thirds of thickness and lean are those of these images."""
    values = np.array([attributes(image) for image in images])
    thirds = np.quantile(values, [1 / 3, 2 / 3], axis=0)
    found = []
    for value, digit in zip(values, digits):
        thick = ["thin", "medium", "thick"][int((value[0] > thirds[:, 0]).sum())]
        lean = ["leaning to the left", "upright", "leaning to the right"][int((value[1] > thirds[:, 1]).sum())]
        phrasing = PHRASINGS[int(random.integers(len(PHRASINGS)))]
        found.append(phrasing.format(name=NAMES[digit], thick=thick, lean=lean))
    return found


def plain_captions(digits, random):
    """Captions that name the digit and nothing else, as class labels do."""
    return [PLAIN_PHRASINGS[int(random.integers(len(PLAIN_PHRASINGS)))].format(name=NAMES[digit]) for digit in digits]


def content(caption):
    """What a caption says, whatever its words."""
    words = caption.lower().replace(",", " ").replace(";", " ").replace(".", " ").replace(":", " ").split()
    return " ".join([next(word for word in words if word in NAMES)]
                    + [word for word in words if word in ("thin", "medium", "thick", "left", "upright", "right")])


def cycle(count, share, random):
    """The row whose caption each row gets, and the rows that are moved, ascending."""
    moved = random.choice(count, max(2, round(share * count)), replace=False)
    source = np.arange(count)
    source[moved] = np.roll(moved, 1)
    return source, np.sort(moved)


def write_rows(path, identifiers, images, texts):
    with open(path, "w", encoding="utf-8") as file:
        for identifier, image, text in zip(identifiers, images, texts):
            pixels = [int(value) for value in image.reshape(-1)]
            file.write(json.dumps({"id": identifier, "visual": pixels, "text": text}, separators=(",", ":")) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--clean-rows", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random = np.random.default_rng([options.seed, *b"pairs"])
    data = load_digits()
    chosen = random.permutation(len(data.images))[:options.rows + options.clean_rows]
    texts = captions(data.images[chosen], data.target[chosen], random)
    identifiers = [f"scan{index:04d}" for index in chosen]
    options.out.mkdir(parents=True, exist_ok=True)

    count = options.rows
    source, moved = cycle(count, options.share, random)
    write_rows(options.out / "digits.jsonl", identifiers[:count], data.images[chosen[:count]], [texts[row] for row in source])
    write_rows(options.out / "digits_clean.jsonl", identifiers[count:], data.images[chosen[count:]], texts[count:])
    with open(options.out / "digits_moved.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "caption_of"])
        writer.writerows([identifiers[row], identifiers[source[row]]] for row in moved)


if __name__ == "__main__":
    main()
