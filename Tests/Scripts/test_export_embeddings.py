"""Tests of Scripts/export_embeddings.py. Run by Scripts/test-python.

The encoders are tiny, random and made on the spot, so nothing is downloaded. What the paper's layers and pooling mean
is checked against the authors' formula written out a second time here, over the model's own parts.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

# Read by the libraries when they are imported, which here happens before the script can set its own.
os.environ["HF_HUB_OFFLINE"] = "1"  # a name that is no path must fail at once
os.environ["TQDM_DISABLE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "Scripts" / "export_embeddings.py"
SHARED = ROOT.parent / "shared" / "llava-bench"

spec = importlib.util.spec_from_file_location("export_embeddings", SCRIPT)
assert spec is not None and spec.loader is not None
exporter = importlib.util.module_from_spec(spec)
sys.modules["export_embeddings"] = exporter  # dataclasses look their module up
spec.loader.exec_module(exporter)

TEXTS = ("text", "response", "reference")
QUESTIONS = ["what colour is the cat", "why", "", "describe the black suitcase", "한국어 질문", "a b c d e f g h i j"]


# --- tiny encoders ---


def save_tokenizer(folder: Path, limit: int) -> None:
    """A byte-level BPE with XLM-R's special tokens: <s> 0, <pad> 1, </s> 2."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=special, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(["what colour is the cat", "the black suitcase"], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=limit, bos_token="<s>", eos_token="</s>", cls_token="<s>",
        sep_token="</s>", pad_token="<pad>", unk_token="<unk>", mask_token="<mask>",
    ).save_pretrained(folder)  # fmt: skip


def save_text_model(folder: Path, spoil=None, limit: int = 64) -> Path:
    save_tokenizer(folder, limit)
    torch.manual_seed(0)
    config = transformers.XLMRobertaConfig(
        vocab_size=300, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=66, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    model = transformers.XLMRobertaModel(config)
    if spoil is not None:
        spoil(model)
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def text_model(tmp_path_factory):
    return save_text_model(tmp_path_factory.mktemp("xlmr"))


@pytest.fixture(scope="session")
def image_model(tmp_path_factory):
    """A CLIP with both towers, as openai/clip-vit-base-patch32 is: 32 pixels in patches of 8 are 16 patches."""
    folder = tmp_path_factory.mktemp("clip")
    torch.manual_seed(1)
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.CLIPConfig(
        text_config=tower | {"vocab_size": 300, "max_position_embeddings": 20},
        vision_config=tower | {"image_size": 32, "patch_size": 8},
        projection_dim=12,
    )
    transformers.CLIPModel(config).save_pretrained(folder)
    size, crop = {"shortest_edge": 32}, {"height": 32, "width": 32}
    transformers.CLIPImageProcessor(size=size, crop_size=crop).save_pretrained(folder)
    save_tokenizer(folder, 20)
    return folder


@pytest.fixture(scope="session")
def sentence_model(tmp_path_factory, text_model):
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("sentence")
    model = SentenceTransformer(str(text_model), device="cpu")  # it adds mean pooling to a bare transformer
    model.max_seq_length = 12
    model.save(str(folder))
    return folder


@pytest.fixture(scope="session")
def open_clip_model(tmp_path_factory):
    library = pytest.importorskip("open_clip")
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("openclip")
    config = {
        "embed_dim": 12,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 8},
        "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    }
    preprocess = {"mean": [0.5] * 3, "std": [0.5] * 3}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": config, "preprocess_cfg": preprocess}))
    torch.manual_seed(2)
    save_file(library.CLIP(**config).state_dict(), folder / "open_clip_model.safetensors")
    return f"local-dir:{folder}"


# --- rows ---


def records(count: int = 6) -> list[dict]:
    return [
        {
            "id": f"q{i}",
            "image": f"images/{i}.png",
            "text": QUESTIONS[i],
            "response": f"answer {i} " * (i + 1),
            "reference": f"the truth {i}",
        }
        for i in range(count)
    ]


def write_rows(folder: Path, rows: list[dict], name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "images").mkdir()
    noise = np.random.default_rng(0)
    for i in range(6):
        pixels = noise.integers(0, 256, size=(40 + 3 * i, 50, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "images" / f"{i}.png")
    return tmp_path


@pytest.fixture
def run(capsys):
    def run(*arguments) -> tuple[int, str]:
        capsys.readouterr()
        code = exporter.main([str(argument) for argument in arguments])
        output = capsys.readouterr()
        assert output.out == "", "standard output is for data only"
        return code, output.err

    return run


@pytest.fixture
def export(run, folder, text_model, image_model):
    """Exports with the tiny encoders, expects success, and gives back the arrays."""

    def export(rows, *flags, name="out.npz", both=True, preset=("--preset", "paper")) -> dict[str, np.ndarray]:
        path = rows if isinstance(rows, Path) else write_rows(folder, rows)
        encoders = ["--text-encoder", text_model] + (["--image-encoder", image_model] if both else [])
        code, message = run(path, "-o", folder / name, *preset, *encoders, *flags)
        assert code == 0, message
        return dict(np.load(folder / name, allow_pickle=False)) if name.endswith("npz") else {}

    return export


@pytest.fixture
def refused(run, folder, text_model):
    """The sentence of a run that must end with `code` and leave nothing behind."""

    def refused(rows, *flags, code=2) -> str:
        path = rows if isinstance(rows, Path) else write_rows(folder, rows)
        before = {file.name for file in folder.iterdir()}
        found, message = run(path, "-o", folder / "out.npz", "--text-encoder", text_model, *flags)
        assert found == code, message
        assert {file.name for file in folder.iterdir()} == before
        *_, sentence = message.splitlines()
        assert sentence.startswith("export_embeddings: error: ")
        return sentence.removeprefix("export_embeddings: error: ")

    return refused


# --- what is computed ---


def paper_text(folder: Path, text: str) -> np.ndarray:
    """The authors' formula for one text, over the embedding layer itself; alone, so without padding."""
    model = transformers.XLMRobertaModel.from_pretrained(folder).eval()
    tokens = transformers.AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
    with torch.inference_mode():
        states = model.embeddings(input_ids=tokens["input_ids"])
    return states[0, 1:].mean(dim=0).numpy()


def paper_image(folder: Path, path: Path) -> np.ndarray:
    """Likewise for one image: the vision tower block by block, without the final layer norm and the projection."""
    tower = transformers.CLIPModel.from_pretrained(folder).eval().vision_model
    processor = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil")
    with torch.inference_mode():
        states = tower.embeddings(processor(images=Image.open(path).convert("RGB"), return_tensors="pt").pixel_values)
        states = tower.pre_layrnorm(states)
        for block in tower.encoder.layers:
            states = block(states, attention_mask=None)
            states = states[0] if isinstance(states, tuple) else states
    return states[0, 1:].mean(dim=0).numpy()


def test_the_preset_is_the_formula_of_the_authors(export, folder, text_model, image_model):
    rows = records()
    bundle = export(rows)
    for i, row in enumerate(rows):
        np.testing.assert_allclose(bundle["visual"][i], paper_image(image_model, folder / row["image"]), atol=1e-5)
        for name in TEXTS:
            np.testing.assert_allclose(bundle[name][i], paper_text(text_model, row[name]), atol=1e-5)


def test_the_preset_names_the_encoders_of_the_paper():
    options = exporter.parse(["rows.jsonl", "-o", "x.npz", "--preset", "paper"])
    assert (options.text_encoder, options.image_encoder) == ("xlm-roberta-base", "openai/clip-vit-base-patch32")
    assert (options.text_layer, options.image_layer, options.backend) == (0, -1, "transformers")


def test_flags_override_the_preset():
    options = exporter.parse(["rows.jsonl", "-o", "x.npz", "--preset", "paper", "--text-layer", "-1"])
    assert (options.text_layer, options.text_pooling) == (-1, "mean-no-cls")


def test_rows_come_out_aligned_in_the_order_of_the_file(export):
    rows = [row | {"group": f"g{i // 3}", "score": i / 4} for i, row in enumerate(records())]
    bundle = export(rows)
    assert {name: array.shape for name, array in bundle.items()} == {
        "visual": (6, 16), "text": (6, 16), "response": (6, 16), "reference": (6, 16),
        "id": (6,), "group": (6,), "score": (6,),
    }  # fmt: skip
    assert all(bundle[name].dtype == np.float32 for name in ("visual", *TEXTS))
    assert bundle["id"].tolist() == [row["id"] for row in rows]
    assert bundle["group"].tolist() == ["g0"] * 3 + ["g1"] * 3
    assert bundle["score"].tolist() == [i / 4 for i in range(6)]
    backwards = export(rows[::-1])
    for name, array in bundle.items():
        if array.dtype.kind == "f":
            np.testing.assert_allclose(backwards[name][::-1], array, atol=1e-5)
        else:
            assert backwards[name][::-1].tolist() == array.tolist()


@pytest.mark.parametrize("backend", ["transformers", "sentence-transformers", "open_clip"])
def test_batch_size_does_not_change_results(backend, request, run, folder):
    fixture = {"transformers": "text_model", "sentence-transformers": "sentence_model", "open_clip": "open_clip_model"}
    words = request.getfixturevalue(fixture[backend])
    pictures = request.getfixturevalue("open_clip_model" if backend == "open_clip" else "image_model")
    flags = ("--backend", backend, "--text-encoder", words, "--image-encoder", pictures)
    rows, bundles = write_rows(folder, records()), []
    for size in (1, 3):
        code, message = run(rows, "-o", folder / "out.npz", *flags, "--batch-size", size)
        assert code == 0, message
        bundles.append(np.load(folder / "out.npz", allow_pickle=False))
    for name in ("visual", *TEXTS):
        assert np.ptp(bundles[0][name], axis=0).max() > 1e-3, "rows differ, so equality below says something"
        np.testing.assert_allclose(bundles[0][name], bundles[1][name], atol=1e-5)


@pytest.mark.parametrize("pooling", ["cls", "mean", "mean-no-cls"])
@pytest.mark.parametrize("layer", [0, 1, -1])
def test_padding_does_not_reach_the_result(export, pooling, layer):
    short, long = records(2)
    short["response"], long["response"] = "why", "the black suitcase " * 8
    flags = ("--text-layer", layer, "--text-pooling", pooling)
    alone = export([short], *flags, both=False, preset=())["response"][0]
    padded = export([short, long], *flags, both=False, preset=())["response"][0]
    np.testing.assert_allclose(padded, alone, atol=1e-5)


def test_pooling_ignores_even_infinity_in_the_padding():
    states = torch.tensor([[[1.0], [2.0], [6.0], [torch.inf]]])
    mask = torch.tensor([[1, 1, 1, 0]])
    values = [exporter.pooled(states, mask, pooling).item() for pooling in ("cls", "mean", "mean-no-cls")]
    assert values == [1.0, 3.0, 4.0]


def test_an_image_pooled_by_cls_or_by_another_layer_differs(export, image_model):
    last = export(records(2), preset=())["visual"]
    cls = export(records(2), "--image-pooling", "cls", preset=())["visual"]
    first = export(records(2), "--image-layer", 0, preset=())["visual"]
    assert not np.allclose(last, cls) and not np.allclose(last, first)


def test_the_text_tower_of_a_clip_can_be_used(run, folder, image_model):
    rows = write_rows(folder, records(3))
    assert run(rows, "-o", folder / "out.npz", "--text-encoder", image_model)[0] == 0
    assert np.load(folder / "out.npz")["text"].shape == (3, 16)


def test_sentence_transformers_gives_what_the_library_gives(run, folder, sentence_model, image_model):
    from sentence_transformers import SentenceTransformer

    rows = records()
    flags = ("--backend", "sentence-transformers", "--text-encoder", sentence_model, "--image-encoder", image_model)
    code, message = run(write_rows(folder, rows), "-o", folder / "out.npz", *flags)
    assert code == 0, message
    model = SentenceTransformer(str(sentence_model), device="cpu")
    cut = sum(len(model.tokenizer.encode(row["response"])) > 12 for row in rows)
    assert 0 < cut < 6 and f"response: {cut} of 6 texts were longer than the encoder takes and were cut" in message
    bundle = np.load(folder / "out.npz")
    np.testing.assert_allclose(bundle["response"], model.encode([row["response"] for row in rows]), atol=1e-5)
    pictures = [Image.open(folder / row["image"]) for row in rows]
    seen = SentenceTransformer(str(image_model), device="cpu").encode(pictures)
    np.testing.assert_allclose(bundle["visual"], seen, atol=1e-5)


def test_open_clip_gives_what_the_library_gives(run, folder, open_clip_model):
    import open_clip

    rows = records()
    flags = ("--backend", "open_clip", "--text-encoder", open_clip_model, "--image-encoder", open_clip_model)
    code, message = run(write_rows(folder, rows), "-o", folder / "out.npz", *flags)
    assert code == 0, message
    tokenizer = open_clip.get_tokenizer(open_clip_model)
    cut = sum(len(tokenizer.encode(row["response"])) + 2 > 12 for row in rows)
    assert 0 < cut < 6 and f"response: {cut} of 6 texts were longer" in message
    model, preprocess = open_clip.create_model_from_pretrained(open_clip_model)
    with torch.inference_mode():
        pixels = torch.stack([preprocess(Image.open(folder / row["image"]).convert("RGB")) for row in rows])
        images = model.eval().encode_image(pixels).numpy()
        texts = model.encode_text(tokenizer([row["text"] for row in rows])).numpy()
    bundle = np.load(folder / "out.npz")
    np.testing.assert_allclose(bundle["visual"], images, atol=1e-5)
    np.testing.assert_allclose(bundle["text"], texts, atol=1e-5)


def test_an_open_clip_without_weights_is_refused(refused, open_clip_model):
    sentence = refused(records(), "--backend", "open_clip", "--text-encoder", "ViT-B-32", code=64)
    assert sentence.startswith("'ViT-B-32': expected ARCHITECTURE@WEIGHTS")


def test_texts_that_are_cut_are_counted(run, folder, text_model):
    rows = records(3)
    rows[1]["response"] = "x " * 200
    code, message = run(write_rows(folder, rows), "-o", folder / "out.npz", "--text-encoder", text_model)
    assert code == 0 and "response: 1 of 3 texts were longer than the encoder takes and were cut" in message
    assert "reference: " not in message


def test_a_text_as_long_as_the_positions_is_not_cut(run, folder, tmp_path_factory):
    """A tokenizer that knows no limit: 66 positions less the two that RoBERTa leaves unused are 64 tokens."""
    unlimited = save_text_model(tmp_path_factory.mktemp("unlimited"), limit=int(1e30))
    rows = records(2)
    rows[0]["response"], rows[1]["response"] = "0" * 62, "0" * 63
    code, message = run(write_rows(folder, rows), "-o", folder / "out.npz", "--text-encoder", unlimited)
    assert code == 0 and "response: 1 of 2 texts were longer" in message


# --- layouts and joins ---


def test_references_join_by_id_in_any_order(export, folder):
    rows = records()
    expected = export(rows)["reference"]
    references = [{"id": row["id"], "text": row["reference"]} for row in rows][::-1] + [{"id": "unused", "text": "?"}]
    plain = [{key: value for key, value in row.items() if key != "reference"} for row in rows]
    bundle = export(plain, "--references", write_rows(folder, references, "references.jsonl"))
    np.testing.assert_array_equal(bundle["reference"], expected)


def test_llava_files_are_read_as_they_are(export, folder):
    rows = records()
    expected = export(rows)
    answers = [{"question_id": i, "prompt": row["text"], "text": row["response"]} for i, row in enumerate(rows)]
    truths = [{"question_id": i, "text": row["reference"], "category": "conv"} for i, row in enumerate(rows)]
    questions = [{"question_id": i, "image": f"{i}.png", "text": "", "category": ""} for i in range(6)]
    bundle = export(
        answers,
        *("--references", write_rows(folder, truths[::-1], "truths.jsonl")),
        *("--images", write_rows(folder, questions[::-1], "questions.jsonl"), "--image-root", folder / "images"),
    )
    assert bundle["id"].tolist() == ["0", "1", "2", "3", "4", "5"]
    for name in ("visual", *TEXTS):
        np.testing.assert_array_equal(bundle[name], expected[name])


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/llava-bench is absent")
def test_the_published_llava_answers_join_their_references():
    answers = SHARED / "responses" / "llava_bench_coco_frost_3.jsonl"
    flags = ["--references", str(SHARED / "reference_coco_gpt4.jsonl"), "--text-encoder", "any"]
    samples = exporter.read_samples(exporter.parse([str(answers), "-o", "x.npz", *flags]))
    assert samples.ids == [str(i) for i in range(90)] and not samples.images
    assert samples.texts["text"][0] == "What is the color of the two suitcases in the image?"
    assert samples.texts["reference"][0].startswith("The colors of the two suitcases in the image are black")


@pytest.mark.parametrize("name", ["uid", "id", "question_id"])
def test_a_joined_file_may_spell_its_id_another_way(export, folder, name):
    rows = records(3)
    expected = export(rows)["reference"]
    references = [{name: row["id"], "reference": row["reference"]} for row in rows]
    renamed = [{"uid": row["id"]} | {key: row[key] for key in ("image", "text", "response")} for row in rows]
    flags = ("--key", "id=uid", "--references", write_rows(folder, references, "references.jsonl"))
    np.testing.assert_array_equal(export(renamed, *flags)["reference"], expected)


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_csv_and_tsv_give_the_same_as_jsonl(export, folder, suffix):
    rows = [row | {"score": i, "group": 7} for i, row in enumerate(records())]
    rows[1]["response"] = 'a "quoted",\nbroken\tline'
    expected = export(rows)
    path = folder / f"rows.{suffix}"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter="," if suffix == "csv" else "\t")
        writer.writeheader()
        writer.writerows(rows)
    for name, array in export(path).items():
        np.testing.assert_array_equal(array, expected[name])


def test_keys_are_remapped(export):
    rows = records(3)
    expected = export(rows)
    renamed = [
        {"uid": row["id"], "file": row["image"], "q": row["text"], "a": row["response"], "gold": row["reference"]}
        for row in rows
    ]
    pairs = ("id=uid", "image=file", "text=q", "response=a", "reference=gold", "group=file")
    bundle = export(renamed, *(word for pair in pairs for word in ("--key", pair)))
    assert bundle.pop("group").tolist() == [row["image"] for row in rows]
    assert bundle.keys() == expected.keys()
    for name, array in bundle.items():
        np.testing.assert_array_equal(array, expected[name])


def test_a_line_separator_inside_a_text_does_not_end_the_row(export):
    rows = records(2)
    rows[0]["text"] = "a\u2028b"
    assert export(rows)["id"].tolist() == ["q0", "q1"]


def test_empty_texts_are_accepted(export):
    rows = records(2)
    rows[0] |= {"text": "", "response": "", "reference": ""}
    bundle = export(rows)
    assert all(np.isfinite(bundle[name]).all() for name in TEXTS)
    np.testing.assert_array_equal(bundle["text"][0], bundle["response"][0])


@pytest.mark.parametrize(
    ("column", "flags", "reason"),
    [(None, ("--image-encoder", "unused"), "the rows name no image"), ("image", (), "no --image-encoder")],
)
def test_without_images_or_image_encoder_there_is_no_visual_and_it_is_said(
    run, folder, text_model, column, flags, reason
):
    rows = [{key: value for key, value in row.items() if key != "image" or key == column} for row in records(2)]
    code, message = run(write_rows(folder, rows), "-o", folder / "out.npz", "--text-encoder", text_model, *flags)
    assert code == 0 and f"no visual array: {reason}" in message
    assert "visual" not in np.load(folder / "out.npz")


# --- the files written ---


def test_npz_and_safetensors_hold_the_same(export, folder):
    safetensors = pytest.importorskip("safetensors")
    from safetensors.numpy import load_file

    rows = [row | {"group": "gruppe ü", "score": i - 0.5} for i, row in enumerate(records())]
    rows[0]["id"] = 'a "quoted" 한'
    npz = export(rows)
    export(rows, name="out.safetensors")
    tensors = load_file(folder / "out.safetensors")
    assert {*tensors} == {"visual", *TEXTS, "score"}
    for name, array in tensors.items():
        assert array.dtype == npz[name].dtype == (np.float64 if name == "score" else np.float32)
        np.testing.assert_array_equal(array, npz[name])
    with safetensors.safe_open(folder / "out.safetensors", framework="np") as file:
        metadata = file.metadata()
    assert json.loads(metadata["id"]) == npz["id"].tolist() == [row["id"] for row in rows]
    assert json.loads(metadata["group"]) == npz["group"].tolist() == ["gruppe ü"] * 6


def test_the_npz_has_no_pickle(export):
    bundle = export([row | {"group": 1} for row in records(2)])  # read with allow_pickle=False
    assert {array.dtype.kind for array in bundle.values()} == {"f", "U"}


@pytest.mark.parametrize("name", ["out.npz", "out.safetensors"])
def test_the_same_input_gives_the_same_bytes(export, folder, name):
    rows = [row | {"group": "g", "score": 1} for row in records(3)]
    contents = []
    for _ in range(3):
        export(rows, name=name)
        contents.append((folder / name).read_bytes())
    assert contents[0] == contents[1] == contents[2]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(run, folder, text_model, monkeypatch):
    (folder / "out.npz").write_bytes(b"old")
    rows = write_rows(folder, records(2))
    before = {file.name for file in folder.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, message = run(rows, "-o", folder / "out.npz", "--text-encoder", text_model)
    assert code == 2 and f"error: {folder / 'out.npz'}: could not be written: No space left on device" in message
    assert (folder / "out.npz").read_bytes() == b"old"
    assert {file.name for file in folder.iterdir()} == before


def test_a_failure_in_the_last_batch_leaves_the_old_file(run, folder, text_model, image_model):
    (folder / "out.npz").write_bytes(b"old")
    (folder / "images" / "5.png").write_bytes(b"no image")
    flags = ("--text-encoder", text_model, "--image-encoder", image_model, "--batch-size", 1)
    assert run(write_rows(folder, records()), "-o", folder / "out.npz", *flags)[0] == 2
    assert (folder / "out.npz").read_bytes() == b"old"


# --- errors: one sentence, with the place ---


def changed(row: int, **values) -> list[dict]:
    """Six rows of which one has other values; None removes the key."""
    rows = records()
    rows[row] = {key: value for key, value in (rows[row] | values).items() if value is not None}
    return rows


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (changed(2, id="q0"), "rows.jsonl, line 3, 'id': expected each id once, found 'q0' again (first on line 1)"),
        (changed(1, id=None), "rows.jsonl, line 2, 'id': expected a non-empty text or an integer, found nothing"),
        (changed(1, id=True), "rows.jsonl, line 2, 'id': expected a non-empty text or an integer, found true"),
        (changed(3, response=None), "rows.jsonl, line 4, 'response': expected a text, found nothing"),
        (changed(3, text=["a"]), "rows.jsonl, line 4, 'text': expected a text, found [\"a\"]"),
        (changed(4, score=1), "rows.jsonl, line 1, 'score': expected a number, found nothing"),
        (
            [row | {"score": float("nan")} for row in records(1)],
            "rows.jsonl, line 1, 'score': expected a finite number, found nan",
        ),
        (
            [row | {"score": "good"} for row in records(1)],
            "rows.jsonl, line 1, 'score': expected a number, found \"good\"",
        ),
        (changed(5, group="g"), "rows.jsonl, line 1, 'group': expected a non-empty text or an integer, found nothing"),
        ([], "rows.jsonl: expected at least one row, found none"),
        (
            [{"id": 1, "text": "a"}],
            "rows.jsonl: expected a column 'response' for response (see --key), found 'id', 'text'",
        ),
    ],
)
def test_bad_rows_are_refused_with_their_place(refused, folder, rows, sentence):
    assert refused(rows) == f"{folder}/{sentence}"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.jsonl", b'{"id": 1}\n\n[1]\n', "a.jsonl, line 3: expected a JSON object, found [1]"),
        ("a.jsonl", b'{"id": 1}\n{"id": \n', "a.jsonl, line 2: expected a JSON object, found invalid JSON ("),
        ("a.jsonl", b'{"id": 1}\n\xff\n', "a.jsonl, line 2: expected UTF-8, found byte 0xff"),
        ("a.jsonl", b"[" * 100_000, "a.jsonl, line 1: expected a JSON object, found invalid JSON ("),
        ("a.csv", b"id,text\n1,a\n2\n", "a.csv, line 3: expected 2 fields, found 1"),
        ("a.csv", b"id,text\n1,a,b\n", "a.csv, line 2: expected 2 fields, found 3"),
        ("a.csv", b"id,id\n1,a\n", "a.csv, line 1: expected different column names, found id, id"),
        ("a.csv", b'id,text\n1,"a\n', "a.csv, line 2: expected well-formed CSV, found: "),
        ("a.csv", b"", "a.csv: expected at least one row, found none"),
        (
            "a.csv",
            b'id,text,response,reference\n1,"a\nb",c,d\n1,e,f,g\n',
            "a.csv, line 4, 'id': expected each id once, found '1' again (first on line 2)",
        ),
    ],
)
def test_malformed_files_are_refused_with_their_place(refused, folder, name, content, sentence):
    (folder / name).write_bytes(content)
    assert refused(folder / name).startswith(f"{folder}/{sentence}")


def test_files_that_cannot_be_read_are_named(refused, folder):
    (folder / "folder.jsonl").mkdir()
    reason = "expected a file that can be read, found"
    assert refused(folder / "none.jsonl") == f"{folder}/none.jsonl: {reason}: No such file or directory"
    assert refused(folder / "folder.jsonl") == f"{folder}/folder.jsonl: {reason}: Is a directory"


def test_a_reference_that_is_missing_is_named(refused, folder):
    references = write_rows(folder, [{"id": "q0", "text": "a"}, {"id": "q1", "text": "b"}], "references.jsonl")
    sentence = refused(records(3), "--references", references)
    assert sentence == f"{folder}/rows.jsonl, line 3, 'id': expected an id that {references} has, found 'q2'"


def test_a_reference_given_twice_is_refused(refused, folder):
    references = write_rows(folder, [{"id": "q0", "text": "a"}, {"id": "q0", "text": "b"}], "references.jsonl")
    sentence = refused(records(1), "--references", references)
    assert sentence == f"{references}, line 2, 'id': expected each id once, found 'q0' again (first on line 1)"


def test_a_remapped_column_that_is_absent_is_refused_even_if_optional(refused, folder):
    sentence = refused(records(1), "--key", "group=scene")
    assert sentence.startswith(f"{folder}/rows.jsonl: expected a column 'scene' for group (see --key), found 'id', ")


@pytest.mark.parametrize(
    ("image", "found"),
    [("images/none.png", "images/none.png, which is missing"), ("images", "images, which is not a file")],
)
def test_a_missing_image_is_refused(refused, folder, image, found):
    rows = changed(4, image=image)
    sentence = refused(rows, "--image-encoder", "never loaded")
    assert sentence == f"{folder}/rows.jsonl, line 5, 'image': expected an image file, found {folder}/{found}"


@pytest.mark.parametrize("damage", ["text", "truncated"])
def test_a_broken_image_is_refused(refused, folder, image_model, damage):
    path = folder / "images" / "4.png"
    path.write_bytes(b"this is text" if damage == "text" else path.read_bytes()[:300])
    sentence = refused(records(), "--image-encoder", image_model)
    place = f"{folder}/rows.jsonl, line 5, 'image'"
    assert sentence.startswith(f"{place}: expected a readable image, found {path} (")


def test_a_row_without_image_among_rows_with_one_is_refused(refused, folder):
    sentence = refused(changed(2, image=None), "--image-encoder", "never loaded")
    assert sentence.startswith(f"{folder}/rows.jsonl, line 3, 'image': expected ") and "found nothing" in sentence


def test_an_embedding_that_is_not_finite_is_refused(run, folder, tmp_path_factory):
    def spoil(model):
        with torch.no_grad():
            model.embeddings.word_embeddings.weight[tokens] = torch.nan

    plain = save_text_model(tmp_path_factory.mktemp("plain"))
    tokens = transformers.AutoTokenizer.from_pretrained(plain)("Z", add_special_tokens=False)["input_ids"]
    spoilt = save_text_model(tmp_path_factory.mktemp("spoilt"), spoil)
    rows = write_rows(folder, changed(4, response="Z"))
    code, message = run(rows, "-o", folder / "out.npz", "--text-encoder", spoilt, "--text-layer", 0)
    assert code == 2 and not (folder / "out.npz").exists()
    assert f"error: {rows}, line 5: expected a finite response embedding, found nan in column 0" in message


def test_an_encoder_with_absent_weights_is_refused(refused, tmp_path_factory):
    """transformers would fill them at random and go on."""
    from safetensors.torch import load_file, save_file

    folder = save_text_model(tmp_path_factory.mktemp("incomplete"))
    weights = load_file(folder / "model.safetensors")
    weights = {key: value for key, value in weights.items() if "layer.1.output.dense.weight" not in key}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    sentence = refused(records(1), "--text-encoder", folder)
    absent = "encoder.layer.1.output.dense.weight"
    assert sentence == f"the encoder '{folder}' is incomplete: expected weights for {absent}, found none"


def test_an_encoder_that_does_not_exist_is_named(refused):
    sentence = refused(records(1), "--text-encoder", "/no/such/encoder")
    assert sentence.startswith("the encoder '/no/such/encoder' could not be loaded: ")


def test_a_layer_out_of_range_is_a_usage_error(refused, text_model):
    sentence = refused(records(1), "--text-layer", 9, code=64)
    assert sentence == f"--text-layer: expected -3 to 2 for '{text_model}', found 9"


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without CUDA")
def test_cuda_where_there_is_none_is_refused(refused):
    assert refused(records(1), "--device", "cuda") == "--device: expected a CUDA device for 'cuda', found none"


def test_a_package_that_is_missing_is_named_with_the_command(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # makes the import fail as if it were absent
    sentence = refused(records(1), "--backend", "sentence-transformers")
    assert sentence.startswith("sentence-transformers is not installed; to get it: ")
    assert sentence.endswith(" -m pip install sentence-transformers")


def test_a_package_that_is_broken_is_named(refused, folder, monkeypatch):
    (folder / "open_clip.py").write_text("raise RuntimeError('operator torchvision::nms does not exist')")
    monkeypatch.delitem(sys.modules, "open_clip", raising=False)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    sentence = refused(records(1), "--backend", "open_clip")
    reason = "operator torchvision::nms does not exist"
    assert sentence == f"open_clip_torch is installed but cannot be imported: {reason}"
    sys.modules.pop("open_clip", None)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rows.jsonl"], "the following arguments are required: -o/--output"),
        (["rows.jsonl", "-o", "x.npy"], "--output: expected a name in .npz or .safetensors, found 'x.npy'"),
        (["rows.jsonl", "-o", "x.npz"], "expected --text-encoder NAME or --preset paper, found neither"),
        (["rows.jsonl", "-o", "x.npz", "--preset", "papre"], "argument --preset: invalid choice: 'papre'"),
        (["rows.jsonl", "-o", "x.npz", "--batch-size", "0"], "expected a positive integer, found '0'"),
        (["rows.jsonl", "-o", "x.npz", "--key", "txt=a"], "expected NAME=COLUMN, NAME one of id, image, text"),
        (["rows.jsonl", "-o", "x.npz", "--key", "text"], "expected NAME=COLUMN"),
        (
            ["rows.jsonl", "-o", "x.npz", "--preset", "paper", "--backend", "open_clip"],
            "--preset: expected --backend transformers, found open_clip",
        ),
        (
            ["rows.jsonl", "-o", "x.npz", "--text-layer", "0", "--backend", "open_clip"],
            "--text-layer: expected --backend transformers, found open_clip",
        ),
        (["rows.txt", "-o", "x.npz", "--preset", "paper"], "expected a .jsonl, .csv or .tsv file, found '.txt'"),
    ],
)
def test_wrong_usage_ends_with_64(run, arguments, sentence):
    code, message = run(*arguments)
    assert code == 64 and sentence in message and len(message.splitlines()) == 1


def test_an_output_folder_that_is_missing_is_refused_before_any_work(run, folder):
    output = folder / "none" / "x.npz"
    code, message = run("never read.jsonl", "-o", output, "--preset", "paper")
    assert code == 2 and f"--output: expected a file in a folder that exists, found '{output}'" in message


# --- the command as users run it ---


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_only_on_a_terminal(run, folder, text_model, monkeypatch, terminal):
    rows = write_rows(folder, records(2))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    _, message = run(rows, "-o", folder / "out.npz", "--text-encoder", text_model)
    assert ("\r" in message) == ("response 0/2" in message) == terminal


def test_help_needs_no_package_and_is_instant():
    start = time.perf_counter()
    result = subprocess.run([sys.executable, "-S", SCRIPT, "--help"], capture_output=True, text=True, timeout=60)
    seconds = time.perf_counter() - start
    assert result.returncode == 0 and "--preset {paper}" in result.stdout and "2502.00577" in result.stdout
    assert seconds < 2, f"took {seconds:.2f} s; without heavy imports it is about 0.2 s"


def test_the_script_prints_its_notes_and_nothing_else(folder, text_model, image_model):
    """In a process of its own: no progress bars, loading reports or warnings of the libraries."""
    rows = write_rows(folder, records())
    encoders = ["--text-encoder", text_model, "--image-encoder", image_model]
    command = [sys.executable, SCRIPT, rows, "-o", folder / "out.npz", "--preset", "paper", *encoders]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (result.returncode, result.stdout) == (0, "")
    shapes = "visual 6 x 16, text 6 x 16, response 6 x 16, reference 6 x 16"
    assert result.stderr.splitlines() == [f"export_embeddings: wrote {folder / 'out.npz'}: {shapes}"]
