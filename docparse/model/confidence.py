"""Confidence: how likely a finding is right, from the rule that gave it and from what the model sees there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 0.01, 0.99  # probabilities of the model beyond these say no more


@dataclass(frozen=True)
class Calibration:
    """A logistic curve: `bias`, the weight of what the model sees, and one for each rule (or the beginning of its id).

    >>> calibration = Calibration(1.0, 0.5, {"task.frame": 1.0, "task.frame.actor": 0.0})
    >>> round(calibration.confidence("task.frame.colon", 0.5), 3), round(calibration.confidence("task.frame.actor", 0.5), 3)
    (0.881, 0.731)
    """

    bias: float
    model: float
    rules: Mapping[str, float]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Calibration:
        """The calibration that a mapping of plain values holds."""
        return cls(float(values["bias"]), float(values["model"]), dict(values["rules"]))

    def as_values(self) -> dict[str, Any]:
        """The calibration as plain values, rounded."""
        return {"bias": round(self.bias, 3), "model": round(self.model, 3), "rules": {rule: round(weight, 3) for rule, weight in self.rules.items()}}

    def confidence(self, rule: str, seen: float) -> float:
        """The probability, 0 to 1, that a finding of `rule` is right of which the model thinks `seen` (0 to 1)."""
        parts = rule.split(".")
        known = next((name for size in range(len(parts), 0, -1) if (name := ".".join(parts[:size])) in self.rules), None)
        total = self.bias + self.model * logit(seen) + (self.rules[known] if known else 0.0)
        return round(1 / (1 + math.exp(-total)), 3)


def logit(probability: float) -> float:
    """The log odds of a probability, which is first brought between 0.01 and 0.99."""
    bounded = min(max(probability, LEAST), MOST)
    return math.log(bounded / (1 - bounded))


def fit_calibration(
    rules: Sequence[str],
    seen: Sequence[float],
    right: Sequence[bool],
    *,
    weights: Sequence[float] | None = None,
    penalty: float = 3.0,
    rounds: int = 30,
) -> Calibration:
    """The curve that tells best which findings are right, by Newton's method; `penalty` draws the weights towards none and the bias nowhere."""
    names = sorted(set(rules))
    rows = np.zeros((len(rules), 2 + len(names)))
    rows[:, 0] = 1.0
    rows[:, 1] = [logit(value) for value in seen]
    for index, rule in enumerate(rules):
        rows[index, 2 + names.index(rule)] = 1.0
    truth = np.array(right, dtype=float)
    counted = np.ones(len(rules)) if weights is None else np.array(weights, dtype=float)
    beta: NDArray[np.float64] = np.zeros(rows.shape[1])
    ridge = np.full(rows.shape[1], penalty)
    ridge[0] = 1e-3
    for _ in range(rounds):
        given = 1 / (1 + np.exp(-np.clip(rows @ beta, -30, 30)))
        slope = rows.T @ (counted * (truth - given)) - ridge * beta
        curve = (rows * (counted * np.maximum(given * (1 - given), 1e-4))[:, None]).T @ rows + np.diag(ridge)
        beta = beta + np.clip(np.linalg.solve(curve, slope), -2, 2)
    return Calibration(float(beta[0]), float(beta[1]), {name: float(value) for name, value in zip(names, beta[2:], strict=True)})


def reliability(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10, equal: bool = False) -> list[tuple[float, float, int]]:
    """Mean confidence, share of right findings and their number, by bins of confidence: of equal width, or with `equal` of equal number.

    >>> reliability([0.91, 0.93, 0.2], [True, False, False])
    [(0.2, 0.0, 1), (0.92, 0.5, 2)]
    >>> reliability([0.91, 0.93, 0.2, 0.3], [True, False, False, True], bins=2, equal=True)
    [(0.25, 0.5, 2), (0.92, 0.5, 2)]
    """
    given, truth = np.array(confidences), np.array(right)
    if equal:
        parts = np.array_split(np.argsort(given, kind="stable"), min(bins, len(given)))
    else:
        places = np.minimum((given * bins).astype(int), bins - 1)
        parts = [np.flatnonzero(places == place) for place in sorted(set(places.tolist()))]
    return [(round(float(given[part].mean()), 3), round(float(truth[part].mean()), 3), len(part)) for part in parts]


def calibration_error(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10, equal: bool = False) -> float:
    """The expected calibration error: how far confidence and share of right findings are apart, weighted by the size of the bins, 0 to 1."""
    rows = reliability(confidences, right, bins=bins, equal=equal)
    total = sum(count for _, _, count in rows)
    return sum(abs(mean - share) * count for mean, share, count in rows) / total if total else 0.0
