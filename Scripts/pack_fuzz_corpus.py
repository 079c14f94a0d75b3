#!/usr/bin/env python3
"""Packs a corpus of libFuzzer into one file of Fixtures/fuzz, which a test replays: python3 Scripts/pack_fuzz_corpus.py CORPUS FILE.bin

Each input stands after its length in four bytes. Inputs above 16 KB stay out, for the small ones reach nearly all code, and of very many the
smallest that fit into 100 KB are taken.
"""
import pathlib
import struct
import sys

LARGEST, ROOM = 16_384, 100_000


def main() -> None:
    corpus, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    inputs = sorted({path.read_bytes() for path in corpus.iterdir()}, key=lambda data: (len(data), data))
    packed = b""
    for data in inputs:
        if len(data) > LARGEST or len(packed) + len(data) > ROOM:
            break
        packed += struct.pack("<I", len(data)) + data
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(packed)


main()
