"""Citations of a made document: numbers as their issuers write them, laws with their years; with marks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from generator.engine import bare, load_grammar
from generator.scene import Body, Scene, rows
from generator.times import Times

TYPES = {
    "quyết định": "QĐ",
    "kế hoạch": "KH",
    "chỉ thị": "CT",
    "thông báo": "TB",
    "báo cáo": "BC",
    "tờ trình": "TTr",
    "hướng dẫn": "HD",
    "công văn": "",
    "nghị quyết": "NQ",
}


class References:
    """Makes citations for one scene."""

    def __init__(self, scene: Scene, times: Times) -> None:
        self.scene = scene
        self.rng = scene.rng
        self.times = times

    def cite(self, relation: str, by: Body | None = None) -> str:
        """A mention of a document: of a higher body, of a neighbour, or of `by`."""
        scene, rng = self.scene, self.rng
        day = self.times.past(900)
        body = by or (
            rng.choice(scene.superiors)
            if relation in "ib" and rng.random() < 0.6
            else scene.self
            if rng.random() < 0.3 and relation != "w"
            else rng.choice(scene.roster)
        )
        kinds = {
            "i": ("quyết định", "kế hoạch", "chỉ thị", "công văn", "nghị quyết"),
            "b": ("quyết định", "nghị quyết"),
            "w": ("công văn", "tờ trình"),
            "s": ("kế hoạch", "công văn", "quyết định"),
        }
        kind = rng.choice(kinds.get(relation, ("báo cáo", "công văn", "tờ trình", "thông báo", "kế hoạch")))
        number = self.number(kind, body, day)
        written = self.times.write(day)
        comma = ", " if "-" in number.partition("/")[0] else " "
        issuer = f" của {body.marked}" if not by and rng.random() < 0.85 else ""
        attrs = relation + (f"|d:{day}" if day else "")
        return f"<c {attrs}>{kind.capitalize()} số {number}{comma}{written}{issuer}</c>"

    def number(self, kind: str, body: Body, day: dt.date) -> str:
        """A number as the body would write it."""
        count = self.rng.randint(1, 3900) if kind == "công văn" else self.rng.randint(1, 480)
        text, symbol = f"{count:02}", self.symbol(body)
        if symbol.endswith(("TU", "TW", "ĐU")):
            return f"{text}-{TYPES[kind] or 'CV'}/{symbol}"
        if kind == "công văn":
            return f"{text}/{symbol}-{self.rng.choice(self.scene.issuer.get('letter_units', ['VP', 'TH', 'KH']))}"
        if self.scene.era == "1990s" and symbol in {"TTg", "CP"}:
            return f"{text}/{symbol}"
        if kind in {"quyết định", "nghị quyết"} and self.rng.random() < 0.3:
            return f"{text}/{day.year}/{TYPES[kind]}-{symbol}"
        return f"{text}/{TYPES[kind]}-{symbol}"

    def symbol(self, body: Body) -> str:
        """The letters of a body in its numbers."""
        name, old = body.mention, self.scene.era == "1990s"
        if body == self.scene.self:
            return self.own_symbol
        fixed = {
            "Thủ tướng Chính phủ": "TTg",
            "Chính phủ": "CP",
            "Quốc hội": "QH15",
            "Bộ Chính trị": "TW",
            "Ban Bí thư": "TW",
            "Văn phòng Chính phủ": "VPCP",
            "Ủy ban Thường vụ Quốc hội": "UBTVQH15",
        }
        if name in fixed:
            return fixed[name]
        if "ỉnh ủy" in name or "hành ủy" in name:
            return "TU"
        if "Trung ương" in name and self.scene.issuer.get("party"):
            return "TW"
        if "Đảng ủy" in name or "uyện ủy" in name:
            return "ĐU" if "Đảng" in name else "HU"
        if name.startswith(("UBND", "Ủy ban nhân dân", "Chủ tịch UBND")):
            return "UB" if old else "UBND"
        if name.startswith("Văn phòng"):
            return "VP"
        if name.startswith("HĐND"):
            return "HĐND"
        symbols: dict[str, str] = load_grammar("bodies")["field_symbols"]
        for word in ("Sở ", "Bộ "):
            if name.startswith(word) and name.removeprefix(word) in symbols:
                return ("" if old else word[0]) + symbols[name.removeprefix(word)]
        return initials(name)

    @property
    def own_symbol(self) -> str:
        """The letters of the issuer."""
        issuer: dict[str, Any] = self.scene.issuer
        symbols: dict[str, str] = load_grammar("bodies")["field_symbols"]
        old = issuer.get("old_symbol") if self.scene.era == "1990s" else None
        names = self.scene.field_name
        text: str = old or issuer["symbol"]
        return (
            text.replace("{FA}", symbols[names["department"]])
            .replace("{MA}", symbols[names["ministry"]])
            .replace("{initials}", initials(self.scene.self.mention))
        )

    def law(self, relation: str) -> str:
        """A law by name and year."""
        laws = [tuple(text.removeprefix("Luật ").split("|")) for text in load_grammar("clauses")["rules"]["old_laws"]]
        for row in rows("laws.csv"):
            if row["doc_type"] == "luật":
                laws += [(row["name"], part.partition("=")[0]) for part in row["numbers"].split() if "=" in part]
        name, year = self.rng.choice([law for law in laws if self.scene.day.year - 25 <= int(law[1]) <= self.scene.day.year])
        return f"<c {relation}|d:{year}|ti:{name}>Luật {name} <d {year}-01-01..{year}-12-31>năm {year}</d></c>"


def initials(name: str) -> str:
    """The initials of a name: `initials("Trường THPT Quang Trung")` is `TTHPTQT`."""
    letters = [
        word if word.isupper() and len(word) > 1 else word[0] for word in bare(name).replace("-", " ").replace(",", " ").split() if word[0].isupper()
    ]
    return "".join(letters)[:9]
