"""The command line that both studies have."""

import argparse
import pathlib

import numpy as np

from studies.files import accuracy, arrays, write_jsonl, write_manifest, write_npz, write_scores
from studies.option_scores import write_options
from text_features import featurize

MODELS = ("base", "rephrased", "exposed")


def parsed_arguments(description, study):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", required=True, type=pathlib.Path, metavar="DIR", help="where to write")
    parser.add_argument("--rows", type=int, default=90,
                        help=f"rows of a set, a multiple of 3 up to {study.largest_row_count} (default 90)")
    parser.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    parser.add_argument("--only", metavar="NAMES", help="names of the sets to make, separated by commas (default: all)")
    parser.add_argument("--model", choices=MODELS, default="base",
                        help="rephrased: the same answers in other words; exposed: trained on corrupted images too")
    parser.add_argument("--options", action="store_true", help="write scores of answer options too, to DIR/options")
    parser.add_argument("--compact", action="store_true",
                        help="bundles hold only the visual embeddings, once for all sets of the same images: a quarter of the "
                             "size; emi embeds the texts of the answer files, to the same values")
    arguments = parser.parse_args()
    multiple, limit = study.questions_per_image, study.largest_row_count
    if arguments.rows % multiple or not 0 < arguments.rows <= limit:
        parser.error(f"--rows: expected a multiple of {multiple} from {multiple} to {limit}, found {arguments.rows}")
    if arguments.seed < 0:
        parser.error(f"--seed: expected 0 or more, found {arguments.seed}")
    names = [scenario.name for scenario in study.scenarios()]
    arguments.only = arguments.only.split(",") if arguments.only else names
    for name in arguments.only:
        if name not in names:
            parser.error(f"--only: no set is named {name!r}")
    return arguments


def make_study(description, study_type):
    """Reads the command line and writes the sets that it asks for."""
    arguments = parsed_arguments(description, study_type)
    arguments.out.mkdir(parents=True, exist_ok=True)
    study = study_type(arguments.rows, arguments.seed, arguments.model)
    wanted = [scenario for scenario in study.scenarios() if scenario.name in arguments.only]
    scores, data, owners = [], {}, {}
    for scenario in wanted:
        name = scenario.name
        rows, visual = study.rows_and_visual(scenario)
        write_jsonl(arguments.out / f"{name}.jsonl", rows)
        if arguments.compact:
            owner = owners.setdefault(visual.tobytes(), name)
            if owner == name:
                write_npz(arguments.out / f"{name}.npz", {"visual": visual.astype(np.float16)})
            data[name] = f"{{ visual: {owner}.npz, text: {name}.jsonl, response: {name}.jsonl, reference: {name}.jsonl }}"
        else:
            write_npz(arguments.out / f"{name}.npz", arrays(rows, visual, featurize))
            data[name] = f"{name}.npz"
        scores.append((name, scenario.kind, accuracy(rows)))
    write_scores(arguments.out / "scores.csv", scores)
    if len(scores) > 1:
        write_manifest(arguments.out / "manifest.yaml", scores, data, "options/{}.npz" if arguments.options else None)
    if arguments.options:
        write_options(arguments.out / "options", study, wanted)
