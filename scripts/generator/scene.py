"""The setting of one made document: era, day, places, issuer, and the bodies that it talks of under the names they have there."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.engine import Grammar, load_grammar

LEXICON = Path(__file__).parents[2] / "docparse" / "lexicon"
ERAS = {
    "1990s": (dt.date(1993, 1, 4), dt.date(2000, 12, 25)),
    "district": (dt.date(2005, 1, 4), dt.date(2025, 6, 27)),
    "two_level": (dt.date(2025, 7, 2), dt.date(2027, 6, 30)),
}
SMALL_WORDS = ("của", "và", "về", "các", "cho", "tại", "ở", "trên", "với")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """A table of the lexicon."""
    with (LEXICON / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def stands(row: Mapping[str, str], day: dt.date) -> bool:
    """Whether a body or place existed on a day."""
    return (row["valid_from"] or "0") <= day.isoformat() <= (row["valid_to"] or "9")


@dataclass(frozen=True)
class Body:
    """A body: how this document mentions it and its name in full."""

    mention: str
    full: str

    @property
    def marked(self) -> str:
        """The mention with its mark; in the mention of a head (Chủ tịch UBND tỉnh) the title is a position."""
        title = "Chủ tịch "
        if self.mention.startswith(title):
            return f"<v>{title.strip()}</v> {Body(self.mention.removeprefix(title), self.full.removeprefix(title)).marked}"
        return f"<a {'' if self.full == self.mention else self.full}>{self.mention}</a>"

    @property
    def deputy(self) -> str | None:
        """The title of a deputy of its head, None where it is not known."""
        head = self.head
        return None if head in {None, "Trưởng", "Chánh"} else "Thứ trưởng" if head == "Bộ trưởng" else f"Phó {head}"

    @property
    def head(self) -> str | None:
        """The title of its head, None where it is not known how one says it."""
        if self.mention.startswith(("Công an ", "Thanh tra ")) and self.mention.split()[-1] in {"xã", "phường", "huyện", "trấn", "khu", "quận"}:
            return "Trưởng" if self.mention.startswith("Công an") else "Chánh"
        titles: dict[str, str] = load_grammar("bodies")["heads"]
        return next((title for word, title in titles.items() if self.mention.startswith(f"{word} ")), None)


class Scene:
    """Everything that stays the same within a document."""

    def __init__(self, rng: random.Random, era: str | None = None, issuer: str | None = None) -> None:
        self.rng = rng
        if era is None:
            wanted = [row for row in load_grammar("issuers")["issuer"] if row["id"] == issuer] if issuer else []
            era = rng.choices(wanted[0].get("eras", list(ERAS)) if wanted else list(ERAS), None if wanted else [15, 40, 45])[0]
        self.era: str = era
        first, last = ERAS[self.era]
        self.day = first + dt.timedelta(days=rng.randint(0, (last - first).days))
        issuers = [row for row in load_grammar("issuers")["issuer"] if self.era in row.get("eras", ERAS) and issuer in {None, row["id"]}]
        self.issuer: dict[str, Any] = rng.choices(issuers, [row["weight"] for row in issuers])[0]
        fields = [
            row
            for row in load_grammar("fields")["field"]
            if self.era in row.get("eras", ERAS)
            and row["id"] in self.issuer.get("fields", [row["id"]])
            and (("issuers" not in row) or bool(self.issuer.get("party")))
        ]
        self.field: dict[str, Any] = rng.choices(fields, [4 if "issuers" in row else 1 for row in fields])[0]
        self.spelling = self._spelling()
        self._places()
        self.inventions = Grammar(
            rng, load_grammar("inventions")["rules"], {"place": self.place, "person": self.person, "T": lambda: "{T}", "X": lambda: self.communal}
        )
        self.made = self.inventions.expand(self.issuer["made"]) if "made" in self.issuer else ""
        if "{T}" not in self.made and rng.random() < 0.5 and self.made.count(" ") < 4:
            self.made += " {T}"
        self.self = self.body(self.issuer["self"])
        talks = load_grammar("bodies")[self.issuer["talks"]]
        self.roster = self._roster(talks)
        self.collectives: list[str] = talks["collectives"][self.era]
        self.singular = [self.body(text) for text in talks["singular"].get(self.era, ())]
        self.superiors = [self.body(text) for text in talks["superiors"]]
        self.committee_level: str = talks.get("committees", {}).get(self.era, "")
        self.units: list[Body] = []
        if unit := self.issuer.get("units"):
            own_head = {"ministry": "Bộ", "department": "Sở"}.get(self.issuer["id"], "")
            texts = [text.replace("{own_head}", own_head).strip() for text in load_grammar("bodies")["unit"][unit]]
            self.units = [Body(text, f"{text} {self.self.full}") for text in texts]

    def _spelling(self) -> dict[str, str]:
        """How this document spells the words of names: abbreviated or in full, second words with a capital or without."""
        rng = self.rng
        spelling: dict[str, str] = {}
        committee = "Uỷ ban nhân dân" if rng.random() < 0.3 else "Ủy ban nhân dân"
        if rng.random() < 0.3:
            spelling |= {"UBND": committee, "HĐND": "Hội đồng nhân dân"}
        if rng.random() < 0.3:
            spelling["MTTQ"] = "Mặt trận Tổ quốc"
        if rng.random() < 0.2:
            spelling |= {
                "Ban Quản lý": "Ban quản lý",
                "Ban Chỉ đạo": "Ban chỉ đạo",
                "Bệnh viện Đa khoa": "Bệnh viện đa khoa",
                "Trung tâm Y tế": "Trung tâm y tế",
                "Ban Tổ chức ": "Ban tổ chức ",
                "Hội Làm": "Hội làm",
            }
        if rng.random() < 0.15:
            spelling |= {"Trung tâm ": "TT ", "Ban Quản lý": "BQL", "Trường Tiểu học": "Trường TH", "Hợp tác xã": "HTX"}
        return spelling

    # ---- names ----------------------------------------------------------------------------------------------------------------------------
    def person(self) -> str:
        """A name put together at random."""
        names = load_grammar("names")
        if self.rng.random() < 0.06:
            return str(self.rng.choice(names["highland"])).format(given=self.rng.choice(names["highland_given"]))
        sex = self.rng.choices(("men", "women"), (3, 1))[0]
        parts = [self.rng.choice(names["surnames"]), self.rng.choice(names[f"middles_{sex}"]), self.rng.choice(names[f"given_{sex}"])]
        if self.rng.random() < 0.08:
            del parts[1]
        return " ".join(parts)

    def place(self) -> str:
        """The name of a small place, put together at random."""
        names = load_grammar("names")
        if self.rng.random() < 0.25:
            return f"{self.rng.choice(names['place_highland'])} {self.rng.choice(names['place_highland_second'])}"
        first, second = self.rng.choice(names["place_first"]), self.rng.choice(names["place_second"])
        return f"{first} {second if second != first else 'Thành'}"

    def _places(self) -> None:
        provinces = [row for row in rows("provinces.csv") if stands(row, self.day)]
        row, other = self.rng.sample(provinces, 2)
        self.province = row["name"]
        city = row["form"] == "thành phố" or (row["city_since"] or "9") <= self.day.isoformat()
        self.level = "thành phố" if city else "tỉnh"
        self.districtal = self.rng.choices(("huyện", "thị xã", "quận" if city else "thành phố"), (7, 2, 1))[0]
        self.communal = self.rng.choices(("xã", "phường", "thị trấn" if self.era != "two_level" else "đặc khu"), (6, 3, 1))[0]
        self.hname, self.xname = self.place(), self.place()
        upper = (self.districtal, f"{self.districtal} {self.hname}") if self.era != "two_level" else (self.level, f"{self.level} {self.province}")
        field = self.field_name = {key: self.field[key][self.era] for key in ("department", "ministry")}
        committee = "Thành ủy" if city else "Tỉnh ủy"
        same = {
            "name": self.province, "hname": self.hname, "xname": self.xname, "F": field["department"], "M": field["ministry"],
            "tinh": f"{self.level} {self.province}", "huyen": f"{self.districtal} {self.hname}", "xa": f"{self.communal} {self.xname}",
            "tinh2": f"{other['form']} {other['name']}", "roman": self.rng.choice(("II", "IV", "VI", "IX", "XII")), "up_upper": upper[1],
            "edu": "Giáo dục và Đào tạo", "TD": "Thành đoàn" if city else "Tỉnh đoàn",
            "HU": {"huyện": "Huyện ủy", "thị xã": "Thị ủy", "quận": "Quận ủy"}.get(self.districtal, "Thành ủy"),
            "HD": {"huyện": "Huyện đoàn", "thị xã": "Thị đoàn", "quận": "Quận đoàn"}.get(self.districtal, "Thành đoàn"),
        }  # fmt: skip
        self.short = same | {"T": self.level, "H": self.districtal, "X": self.communal, "TU": committee, "up": upper[0]}
        self.long = same | {"T": same["tinh"], "H": same["huyen"], "X": same["xa"], "TU": f"{committee} {self.province}", "up": upper[1]}
        self.known = self.short | self._certain()

    def _certain(self) -> dict[str, str]:
        """The places that the letterhead makes certain, so that a name in full has them."""
        shown = " ".join(self.issuer["lines"])
        province = any(word in shown for word in ("{tinh}", "{name}")) or (self.era == "two_level" and "{up_upper}" in shown)
        keys = ["T", "TU"] if province else []
        keys += ["H"] if "{huyen}" in shown else []
        keys += ["X"] if "{xa}" in shown else []
        if (province and self.era == "two_level") or ("{up_upper}" in shown):
            keys.append("up")
        return {key: self.long[key] for key in keys}

    # ---- bodies ---------------------------------------------------------------------------------------------------------------------------
    def body(self, template: str) -> Body:
        """A body from its template (see bodies.toml)."""
        template = self.style(template.replace("{made}", self.made).replace("{place}", self.place()))
        text, _, rest = template.partition(" + ")
        mention = text.format_map(self.short)
        if not rest or rest.strip("{}") not in {"T", "H", "X", "TU", "name", "hname"}:
            return Body(mention, text.format_map(self.known))
        level = {"name": "T", "hname": "H"}.get(rest.strip("{}"), rest.strip("{}"))
        return Body(mention, f"{text} {rest}".format_map(self.known) if self.known[level] != self.short[level] else mention)

    def style(self, text: str) -> str:
        """A name with the words that this document writes out or in small letters."""
        for short, full in self.spelling.items():
            text = text.replace(short, full)
        return text

    def invented(self, symbol: str = "body") -> Body:
        """A body that no list has."""
        return self.body(self.inventions.expand(symbol))

    def committee(self) -> Body:
        """The people's committee of a named place of the next level."""
        word = self.rng.choice(("UBND", "UBND", "Ủy ban nhân dân"))
        if self.issuer["talks"] == "central":
            province = self.rng.choice([row for row in rows("provinces.csv") if stands(row, self.day)])
            text = f"{word} {province['form']} {province['name']}"
        else:
            kinds = {"huyện": ("huyện", "huyện", "thị xã"), "xã": ("xã", "xã", "phường")}[
                self.committee_level or ("xã" if self.era == "two_level" or self.issuer["talks"] == "commune" else "huyện")
            ]
            text = f"{word} {self.rng.choice(kinds)} {self.place()}"
        return Body(text, text)

    def _roster(self, talks: Mapping[str, Any]) -> list[Body]:
        texts = [*talks["common"], *talks.get(self.era, ())]
        found = [self.body(text) for text in self.rng.sample(texts, min(len(texts), 11))]
        if self.issuer["talks"] == "provincial":
            departments = [
                row["name"]
                for row in rows("agencies.csv")
                if row["name"].startswith("Sở ") and row["level"] == "provincial" and stands(row, self.day)
            ]
            short: dict[str, list[str]] = load_grammar("bodies")["short"]
            abbreviates = self.rng.random() < 0.3
            for name in self.rng.sample(departments, min(len(departments), 9)):
                field = name.removeprefix("Sở ")
                if abbreviates and field in short:
                    name = f"Sở {self.rng.choice(short[field])}"  # noqa: PLW2901
                found.append(self.body(f"{name} + {{T}}"))
        found += [self.invented("local" if self.rng.random() < 0.6 else "body") for _ in range(self.rng.randint(3, 8))]
        unique = {body.mention: body for body in found if body.mention != self.self.mention}
        return list(unique.values())

    def any_body(self) -> Body:
        """A body that the document may mention: of its roster mostly."""
        chance = self.rng.random()
        if chance < 0.78:
            return self.rng.choice(self.roster)
        if chance < 0.86:
            return self.committee()
        if chance < 0.93:
            return self.invented()
        central = [
            row["name"]
            for row in rows("agencies.csv")
            if row["level"] == "central" and stands(row, self.day) and row["kind"] in {"ministry", "agency", "mass_org", "enterprise"}
        ]
        name = self.rng.choice(central)
        return Body(name, name)

    # ---- the issuer -----------------------------------------------------------------------------------------------------------------------
    def letterhead(self) -> tuple[list[str], str, str | None]:
        """The marked lines of the left column, the issuer and its parent in ordinary case."""
        lines = [line.replace("{made}", self.made).format_map(self.long) for line in self.issuer["lines"]]
        star = lines[-1:] == ["*"]
        lines = lines[:-1] if star else lines
        own = self.issuer["own"]
        issuer = " ".join(ordinary(line) for line in lines[-own:])
        issuer = issuer.replace(" Tỉnh ", " tỉnh ").replace(" Thành phố ", " thành phố ")
        parents = lines[:-own]
        parent = " ".join(ordinary(line) for line in parents) or None
        full = self.self.full if own == 1 and self.issuer["id"] not in {"prime_minister"} else issuer
        marks = [f"<a {parent}|{parent}>{line.upper()}</a>" for line in parents]
        marks += [f"**<a {full}|{issuer}>{line.upper()}</a>**" for line in lines[-own:]]
        return marks + (["*"] if star else []), issuer, parent


def ordinary(line: str) -> str:
    """A line of capitals in ordinary case: `ỦY BAN NHÂN DÂN` becomes `Ủy ban nhân dân`; what has small letters already stays."""
    known = {
        "ỦY BAN NHÂN DÂN": "Ủy ban nhân dân", "HỘI ĐỒNG NHÂN DÂN": "Hội đồng nhân dân", "VĂN PHÒNG": "Văn phòng",
        "THỦ TƯỚNG CHÍNH PHỦ": "Thủ tướng Chính phủ",
        "VĂN PHÒNG CHÍNH PHỦ": "Văn phòng Chính phủ", "BAN TỔ CHỨC": "Ban Tổ chức",
    }  # fmt: skip
    if line in known:
        return known[line]
    for word, small in (
        ("TỈNH ỦY ", "Tỉnh ủy "),
        ("ĐẢNG BỘ ", "Đảng bộ "),
        ("ĐẢNG ỦY ", "Đảng ủy "),
        ("SỞ Y TẾ ", "Sở Y tế "),
        ("SỞ ", "Sở "),
        ("BỘ ", "Bộ "),
    ):
        if line.startswith(word):
            return small + line[len(word) :]
    return line
