"""Golden values of `club-kernel` on Fixtures/digits/clean.npz and frost_3.npz pooled, from the NumPy prototype.

    python Scripts/make_club_kernel_golden.py > Tests/InformationTests/Golden/club_kernel_digits.json

Needs numpy.
"""

import json
import pathlib

import numpy as np

from club_kernel_prototype import club_kernel

SCALARS = ("model_mi", "reference_mi", "emi", "standard_error", "model_mi_standard_error", "reference_mi_standard_error")


def golden(folder, names):
    sets = []
    for name in names:
        bundle = np.load(folder / f"{name}.npz")
        rows = {key: bundle[key].astype(np.float64) for key in ("visual", "text", "response", "reference")}
        sets.append({**rows, "groups": bundle["group"]})
    results = club_kernel(sets)
    _, medians, fit, directions = club_kernel(sets, details=True)
    # How safe the discrete choices are: the gap from the best penalty's error to the runner-up's.
    ordered = np.sort(fit.errors, axis=0)
    return {
        "made_by": "Scripts/make_club_kernel_golden.py (exact kernel, double precision, rows L2-normalised in double)",
        "files": [f"Fixtures/digits/{name}.npz" for name in names],
        "row_count": int(sum(len(s["groups"]) for s in sets)),
        "group_count": int(len(np.unique(fit.groups))),
        "median_squared_distance": medians,
        "component_count": int(directions.shape[1]),
        "penalty_exponents": [round(float(e), 1) for e in np.log10(fit.penalty)],
        "smallest_relative_gap_of_penalty_choice": float(((ordered[1] - ordered[0]) / ordered[0]).min()),
        "held_out_variances": fit.raw_variance.tolist(),
        "sets": [{"name": name, **{key: result[key] for key in SCALARS}} for name, result in zip(names, results)],
    }


if __name__ == "__main__":
    digits = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "digits"
    print(json.dumps(golden(digits, ["clean", "frost_3"]), indent=2))
