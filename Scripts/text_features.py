"""The built-in text featurizer: texts to unit vectors with no neural network.

The Python twin of the Swift implementation. N-grams and hashes agree exactly, values to about 1e-12.

    import text_features
    vectors = text_features.featurize(["The digit is seven.", "Die Ziffer ist sieben."])   # 2 x 256, unit rows

The steps, for one text:

1. NFKC, lower case scalar by scalar, final sigma to sigma, NFC                      (`normalized`)
2. words between runs of White_Space, each padded with one space on either side      (`padded_words`)
3. every window of 2, 3 and 4 extended grapheme clusters inside a padded word        (`ngram_counts`)
4. a distinct n-gram seen c times weighs 1 + ln c
5. MurmurHash3 (x86, 32 bits, seed 0) of its UTF-8: the low 18 bits are the bucket,
   the top bit the sign; a bucket's value is the sum of sign * weight                (`bucket_values`)
6. optionally times ln((1 + N) / (1 + df)) + 1, fitted on a list of texts            (`InverseDocumentFrequency`)
7. sum over buckets of value * (a fixed vector of signs of that bucket) / sqrt(d)    (`sign_vector`)
8. divided by its L2 norm

The order of the sums is part of the definition of the last bits: words in order; within a word all windows of 2, then
of 3, then of 4; n-grams and buckets by first occurrence. A bucket whose n-grams cancel keeps its place with the value 0
(and counts as occurring for the IDF). An embedding that is exactly zero is returned as zeros.

Step 3 follows the Unicode rules for clusters since 15.1 (an Indic conjunct such as क्ष is one cluster), so it needs
`regex` of 2024 or later. Run as a program, it prints the golden values of Tests/TextFeaturesTests as JSON:

    python Scripts/text_features.py > Tests/TextFeaturesTests/Golden/text_features.json

Needs numpy and regex.
"""

import functools
import json
import math
import unicodedata

import numpy as np
import regex

BUCKET_COUNT = 1 << 18
NGRAM_LENGTHS = (2, 3, 4)

_MASK32 = 0xFFFFFFFF
_MASK64 = 0xFFFFFFFFFFFFFFFF
_GOLDEN_GAMMA = 0x9E3779B97F4A7C15
_CLUSTER = regex.compile(r"\X")
# The 25 scalars of White_Space, written out: `str.split` would also split at U+001C ... U+001F.
_WHITE_SPACE = regex.compile("[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+")


# Text to n-grams

def normalized(text):
    compatible = unicodedata.normalize("NFKC", text)
    # One scalar at a time: no rule may look at the neighbours (Python's own lower() treats a final capital sigma apart).
    lowered = "".join(scalar.lower() for scalar in compatible)
    return unicodedata.normalize("NFC", lowered.replace("\u03C2", "\u03C3"))


def padded_words(text):
    words = [word for word in _WHITE_SPACE.split(normalized(text)) if word]
    return [f" {word} " for word in words] or ["  "]


def ngram_counts(text):
    """Distinct n-grams of the text with their counts, by first occurrence."""
    counts = {}
    for word in padded_words(text):
        clusters = _CLUSTER.findall(word)
        for length in NGRAM_LENGTHS:
            for start in range(len(clusters) - length + 1):
                ngram = "".join(clusters[start:start + length])
                counts[ngram] = counts.get(ngram, 0) + 1
    return counts


# N-grams to buckets

def murmur3_32(data, seed=0):
    """MurmurHash3_x86_32 of some bytes, unsigned."""
    def mixed(block):
        block = block * 0xCC9E2D51 & _MASK32
        block = (block << 15 | block >> 17) & _MASK32
        return block * 0x1B873593 & _MASK32

    h = seed
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        h ^= mixed(int.from_bytes(data[at:at + 4], "little"))
        h = (h << 13 | h >> 19) & _MASK32
        h = (h * 5 + 0xE6546B64) & _MASK32
    if whole < len(data):
        h ^= mixed(int.from_bytes(data[whole:], "little"))
    h ^= len(data)
    h = (h ^ h >> 16) * 0x85EBCA6B & _MASK32
    h = (h ^ h >> 13) * 0xC2B2AE35 & _MASK32
    return h ^ h >> 16


@functools.lru_cache(maxsize=1 << 18)
def bucket_and_sign(ngram):
    h = murmur3_32(ngram.encode("utf-8"))
    return h & (BUCKET_COUNT - 1), -1.0 if h >> 31 else 1.0


def bucket_values(text):
    """Bucket to value, by first occurrence."""
    values = {}
    for ngram, count in ngram_counts(text).items():
        bucket, sign = bucket_and_sign(ngram)
        values[bucket] = values.get(bucket, 0.0) + sign * (1.0 + math.log(count))
    return values


class InverseDocumentFrequency:
    """weight(bucket) = ln((1 + N) / (1 + df)) + 1; a bucket never seen has df = 0."""

    def __init__(self, texts):
        self.text_count = len(texts)
        self.document_frequency = {}
        for text in texts:
            for bucket in bucket_values(text):
                self.document_frequency[bucket] = self.document_frequency.get(bucket, 0) + 1

    def weight(self, bucket):
        return math.log((1 + self.text_count) / (1 + self.document_frequency.get(bucket, 0))) + 1.0


# Buckets to an embedding

def splitmix64(state, count):
    """The first `count` outputs of a SplitMix64 generator."""
    outputs = []
    for _ in range(count):
        state = (state + _GOLDEN_GAMMA) & _MASK64
        z = state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & _MASK64
        z = (z ^ z >> 27) * 0x94D049BB133111EB & _MASK64
        outputs.append(z ^ z >> 31)
    return outputs


@functools.lru_cache(maxsize=1 << 16)
def sign_vector(bucket, dimension, seed):
    """Row `bucket` of the projection: +1 where the bit is set, least significant bit first, else -1."""
    words = splitmix64((seed * _GOLDEN_GAMMA + bucket + 1) & _MASK64, -(-dimension // 64))
    bits = np.unpackbits(np.array(words, dtype="<u8").view(np.uint8), bitorder="little")[:dimension]
    return 2.0 * bits - 1.0


def projected(text, dimension, seed, idf):
    """Steps 1 to 7: the embedding before its norm is divided out."""
    total = np.zeros(dimension)
    for bucket, value in bucket_values(text).items():
        weighted = value if idf is None else value * idf.weight(bucket)
        total += weighted * sign_vector(bucket, dimension, seed)
    return total / math.sqrt(dimension)


def featurize(texts, dimension=256, seed=0, idf=None):
    """Unit embeddings of the texts, one row each."""
    rows = {}
    for text in texts:
        if text not in rows:
            row = projected(text, dimension, seed, idf)
            norm = math.sqrt(np.dot(row, row))
            rows[text] = row / norm if norm > 0 else row
    return np.array([rows[text] for text in texts]).reshape(len(texts), dimension)


# Golden values

GOLDEN_TEXTS = [
    "The digit in the image is seven.",
    "Größere Zahlen stören über Äpfel: ist die Ziffer ungerade?",
    "Ο ΟΔΥΣΣΕΥΣ είναι σοφός· ποιος αριθμός είναι αυτός;",
    "ما هو الرقم في هذه الصورة؟ أجب بالإنجليزية.",
    "क्या यह अंक चार से बड़ा है? क्षत्रिय विद्यार्थी",
    "이 숫자는 짝수입니까?",
    unicodedata.normalize("NFD", "이 숫자는 짝수입니까?"),
    "这个数字大于四吗？请用英语回答。",
    "A family 👨‍👩‍👧‍👦 of four 👍🏽!",
    "Flags 🇩🇪🇬🇷🇰🇷 in a row",
    "ＦＵＬＬ　ｗｉｄｔｈ ﬁne İstanbul ¨x²",
    "",
    " \t\u00A0\u2003\n",
    "seven eight nine " * 200,
]
GOLDEN_NGRAMS = ["in", "größ", "👨‍👩‍👧‍👦 "]


def golden():
    """The golden values as JSON, numbers with 17 digits."""
    def numbers(values):
        return "[" + ", ".join("%.17g" % value for value in values) + "]"

    idf = InverseDocumentFrequency(GOLDEN_TEXTS)
    plain = featurize(GOLDEN_TEXTS)
    weighted = featurize(GOLDEN_TEXTS, dimension=100, seed=7, idf=idf)
    texts = [
        "    {"
        f'"text": {json.dumps(text)}, "ngram_count": {len(ngram_counts(text))},\n'
        f'     "first": {numbers(row[:8])},\n     "last": {numbers(row[-2:])},\n'
        f'     "idf_dimension_100_seed_7": {{"first": {numbers(other[:8])}, "last": {numbers(other[-2:])}}}}}'
        for text, row, other in zip(GOLDEN_TEXTS, plain, weighted)
    ]
    hashes = [
        f'    {{"ngram": {json.dumps(ngram)}, "hash": {murmur3_32(ngram.encode("utf-8"))}, '
        f'"bucket": {bucket_and_sign(ngram)[0]}, "sign": {bucket_and_sign(ngram)[1]:.0f}}}'
        for ngram in GOLDEN_NGRAMS
    ]
    return (
        '{\n  "made_by": "Scripts/text_features.py",\n  "dimension": 256,\n  "seed": 0,\n'
        '  "idf_note": "idf_dimension_100_seed_7: IDF fitted on these texts, dimension 100, seed 7",\n'
        '  "texts": [\n' + ",\n".join(texts) + '\n  ],\n  "hashes": [\n' + ",\n".join(hashes) + "\n  ]\n}"
    )


if __name__ == "__main__":
    print(golden())
