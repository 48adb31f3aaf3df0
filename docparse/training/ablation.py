"""What the model adds: rules, model and both on documents of issuers that the calibration (or the training) never saw, with intervals."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from docparse.model.confidence import Calibration, calibration_error, fit_calibration, reliability
from docparse.model.load import Model
from docparse.score import Score, score_document
from docparse.training.cases import CONFIDENT, Case, Findings, findings_of, of_model_alone, record_of

WAYS = ("rules", "model", "both")
ROUNDS = 1000
INTERVAL = (0.025, 0.975)
MODEL_LAYERS = ("agencies", "tasks")

THRESHOLDS = (0.93, 0.95, 0.97, 0.98)

Report = Callable[[str], None]
Trainer = Callable[[Sequence[Case]], Model]


@dataclass
class Ablation:
    """Scores by way and issuer, and the confidences of findings with whether they were right, all of issuers left out."""

    scores: dict[str, dict[str, Score]] = field(default_factory=lambda: {way: defaultdict(Score) for way in WAYS})
    confidences: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: {layer: [] for layer in CONFIDENT})

    def total(self, way: str) -> Score:
        """The score of all issuers together."""
        whole = Score()
        for score in self.scores[way].values():
            whole.add(score)
        return whole


def ablate(cases: Sequence[Case], model: Model, *, train: Trainer | None = None, report: Report = print) -> Ablation:
    """Leave out each issuer in turn; calibrate, and with `train` also train, on the others; score the three ways on the one left out."""
    result = Ablation()
    issuers = sorted({case.issuer for case in cases})
    records = [record_of(case) for case in cases]
    known = [] if train else [findings_of(case, model, record_of(case, model)) for case in cases]
    for issuer in issuers:
        others = [index for index, case in enumerate(cases) if case.issuer != issuer]
        if train:
            model = train([cases[index] for index in others])
            seen = {index: findings_of(cases[index], model, record_of(cases[index], model)) for index in others}
        else:
            seen = dict(enumerate(known))
        calibrated = with_calibration(model, [seen[index] for index in others])
        for case, rules in zip(cases, records, strict=True):
            if case.issuer == issuer:
                both = record_of(case, calibrated)
                values = {"rules": rules.model_dump(mode="json"), "model": of_model_alone(case, model, rules), "both": both.model_dump(mode="json")}
                for way, record in values.items():
                    result.scores[way][issuer].add(score_document(case.gold, record))
                for layer, findings in findings_of(case, model, both).items():
                    calibration = Calibration.of(calibrated.combination["confidence"][layer])
                    rated = (calibration.confidence(rule, value) for rule, value in zip(findings.rules, findings.seen, strict=True))
                    result.confidences[layer] += zip(rated, findings.right, strict=True)
        report(f"left out: {issuer}")
    return result


def with_threshold(model: Model, threshold: float | None) -> Model:
    """The model with another threshold for names that it adds; None for no such names."""
    return replace(model, combination={**model.combination, "names": {**model.combination["names"], "threshold": threshold}})


def choose_threshold(cases: Sequence[Case], model: Model) -> float | None:
    """The threshold at which agencies of annotated documents are found best, None where the rules alone find them best."""

    def found(used: Model | None) -> float:
        total = Score()
        for case in cases:
            total.add(score_document(case.gold, record_of(case, used).model_dump(mode="json")))
        return total.figures()["agencies"]["f1"]

    figures = [(found(None), None), *((found(with_threshold(model, threshold)), threshold) for threshold in THRESHOLDS)]
    return max(figures, key=lambda figure: figure[0])[1]


def with_calibration(model: Model, findings: Sequence[Mapping[str, Findings]]) -> Model:
    """The model with its confidence fitted to findings."""
    fitted: dict[str, Any] = {}
    for layer in CONFIDENT:
        whole = Findings().extend(one[layer] for one in findings)
        fitted[layer] = fit_calibration(whole.rules, whole.seen, whole.right).as_values()
    return replace(model, combination={**model.combination, "confidence": fitted})


def gain_interval(ablation: Ablation, layer: str, *, before: str = "rules", after: str = "both", seed: int = 0) -> tuple[float, float, float]:
    """How much F1 rises from one way to another, in points, with its 95 % interval by resampling issuers."""
    issuers = sorted(ablation.scores[before])
    rng = random.Random(seed)
    gains = sorted(_gain(ablation, layer, rng.choices(issuers, k=len(issuers)), before, after) for _ in range(ROUNDS))
    low, high = (gains[min(int(share * ROUNDS), ROUNDS - 1)] for share in INTERVAL)
    return _gain(ablation, layer, issuers, before, after), low, high


def _gain(ablation: Ablation, layer: str, issuers: Sequence[str], before: str, after: str) -> float:
    figures = []
    for way in (before, after):
        tallies = [ablation.scores[way][issuer].tallies[layer] for issuer in issuers]
        right, gold, found = (sum(getattr(tally, key) for tally in tallies) for key in ("right", "gold", "found"))
        figures.append(200 * right / (gold + found) if gold + found else 100.0)
    return figures[1] - figures[0]


def ablation_table(ablation: Ablation) -> Iterator[str]:
    """A Markdown table: F1 of each layer by way, and the gain of both over the rules with its interval."""
    figures = {way: ablation.total(way).figures() for way in WAYS}
    yield "| layer | support | rules | model | both | both - rules, points (95 %) |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for layer, row in figures["rules"].items():
        gain, low, high = gain_interval(ablation, layer)
        alone = f"{figures['model'][layer]['f1']:.3f}" if layer in MODEL_LAYERS else ""
        both = figures["both"][layer]
        yield f"| {layer} | {row['support']} | {row['f1']:.3f} | {alone} | {both['f1']:.3f} | {gain:+.2f} ({low:+.2f} to {high:+.2f}) |"


def reliability_lines(ablation: Ablation, layer: str) -> Iterator[str]:
    """The expected calibration error of a layer by ten bins of equal width and of equal number, and a diagram of the latter in text."""
    pairs = ablation.confidences[layer]
    confidences, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if not pairs:
        return
    errors = [calibration_error(confidences, right, equal=equal) for equal in (False, True)]
    yield f"{layer}: {len(pairs)} findings, {sum(right) / len(pairs):.3f} right; calibration error {errors[0]:.3f} (bins of equal width), "
    yield f"{errors[1]:.3f} (of equal number)"
    yield ""
    yield "```text"
    yield "confidence  right  findings"
    for mean, share, count in reliability(confidences, right, equal=True):
        yield f"{mean:10.3f}  {share:5.3f}  {count:8}  {'█' * round(share * 40)}{'·' * (40 - round(share * 40))}"
    yield "```"
