"""Write made documents as a collection: inputs/ beside gold, in the form that `docparse evaluate` and `docparse corpus` read."""

from __future__ import annotations

import random
from pathlib import Path

from generator import gold_text, render
from generator.made import make_documents
from generator.noise import recognised

NOISES = {"none": (0.0,), "ocr": (0.002, 0.005, 0.01, 0.02)}


def write_collection(folder: Path, count: int, seed: int, form: str = "txt", noise: str = "none") -> int:
    """Write `count` documents and their gold into a folder. Gold of noisy texts is of what was printed. Returns how many were written."""
    (folder / "inputs").mkdir(parents=True, exist_ok=True)
    for document in make_documents(seed, count):
        document.data["outputs"] = [form]
        content = render(document, form)
        if noise == "ocr" and form == "txt":
            rng = random.Random(f"noise {document.id}")
            content = recognised(content.decode(), rng, rng.choice(NOISES[noise]))[0].encode()
        (folder / "inputs" / next(iter(document.files()))).write_bytes(content)
        (folder / f"{document.id}.json").write_text(gold_text(document), encoding="utf-8")
    return count
