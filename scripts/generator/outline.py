"""The body of a made document as lines of an annotated source: numbered units, bullets, plain paragraphs, tables."""

from __future__ import annotations

import random

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
LETTERS = "abcdđeghiklmnopq"
SCHEMES = {
    "two_level": (
        ("I.", "1.", "a)"),
        ("I.", "1.", "a)"),
        ("1.", "1.1.", "a)"),
        ("I.", "1.", "1.1."),
        ("A.", "I.", "1."),
        ("Phần I.", "1.", "a)"),
        ("I.", "1.", "(1)"),
    ),
    "district": (
        ("I.", "1.", "a)"),
        ("I.", "1.", "a)"),
        ("1.", "1.1.", "a)"),
        ("I.", "1.", "1.1."),
        ("PHẦN I.", "I.", "1."),
        ("I.", "1.", "(1)"),
        ("I/", "1/", "a/"),
    ),
    "1990s": (("I-", "1-", "a)"), ("I/", "1/", "a/"), ("1/", "a/", "-"), ("I.", "1.", "a)"), ("A-", "I-", "1-")),
}
FLAT = {
    "two_level": (("1.", "a)", "-"), ("1.", "a)", "-"), ("1.", "1.1.", "-"), ("(1)", "a)", "-"), ("I.", "1.", "a)")),
    "district": (("1.", "a)", "-"), ("1.", "1.1.", "a)"), ("I.", "1.", "a)")),
    "1990s": (("1-", "a)", "-"), ("1/", "a/", "-"), ("1.", "a)", "-")),
}
PARTY = (("I-", "1-", "a)"), ("I-", "1-", "1.1-"), ("I.", "1.", "a)"))
ARTICLES = {
    "1990s": (("Điều 1:", "1-", "a)"), ("Điều 1.", "1.", "a)")),
    "district": (("Điều 1.", "1.", "a)"),),
    "two_level": (("Điều 1.", "1.", "a)"),),
}


class Outline:
    """Counts labels and collects lines."""

    def __init__(self, rng: random.Random, scheme: tuple[str, ...]) -> None:
        self.rng = rng
        self.scheme = scheme
        self.lines: list[str] = []
        self.counts: list[int] = []
        self.dash = rng.choice(("- ", "- ", "- ", "– ", "+ ", "* "))

    def restart(self, scheme: tuple[str, ...]) -> None:
        """Number anew, as an annex does."""
        self.scheme, self.counts = scheme, []

    def label(self, depth: int) -> str:
        """The next label at a depth (1 is outermost)."""
        self.counts = [*self.counts[:depth], *([0] * (depth - len(self.counts)))]
        self.counts[depth - 1] += 1
        form, count = self.scheme[depth - 1], self.counts[depth - 1]
        if form.startswith("1.1"):
            parent = self.counts[depth - 2]
            return f"{parent}.{count}{form[3:]}"
        if "1" in form:
            return form.replace("1", str(count))
        if "I" in form.replace("PHẦN ", ""):
            return form.removesuffix(form[-2:]) + ROMAN[count] + form[-1]
        return form.replace("a", LETTERS[count - 1]).replace("A", "ABCDEGH"[count - 1])

    def unit(self, depth: int, text: str, kind: str = "") -> None:
        """A numbered unit: its text with the class of the unit, if it has one."""
        if depth > len(self.scheme) or self.scheme[depth - 1] == "-":
            self.bullet(text, kind)
            return
        self.lines.append(f"{{{depth}}}{self.label(depth)} {classed(text, kind)}")

    def heading(self, depth: int, text: str) -> None:
        """A numbered heading; the outermost in capitals as often as not."""
        label = self.scheme[depth - 1]
        strong = depth == 1 and (label.startswith(("I", "A", "P")) or self.rng.random() < 0.3)
        self.unit(depth, f"**{text.upper() if strong and '<' not in text else text}**", "heading")

    def bullet(self, text: str, kind: str = "") -> None:
        """A paragraph with a dash."""
        self.lines.append(self.dash + classed(text, kind))

    def plain(self, text: str, kind: str = "") -> None:
        """A paragraph without a label."""
        self.lines.append(classed(text, kind))

    def table(self, widths: str, head: list[str], rows: list[list[str]]) -> None:
        """A table with one head row."""
        self.lines.append(f"|= {widths}")
        self.lines.append("|! " + " | ".join(head))
        self.lines += ["| " + " | ".join(row) for row in rows]


def classed(text: str, kind: str) -> str:
    """A text with the mark of its class: result, basis, description, heading. What holds tasks is marked by these."""
    return f"<u {kind}>{text}</u>" if kind and "<k " not in text else text
