"""Sentences of a made document: what is to be done and by whom, what was done, how matters stand; citations; with all marks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from generator.engine import Grammar, bare, capital, load_grammar, tidy
from generator.scene import Body, Scene, rows
from generator.times import Times

TYPES = {"quyết định": "QĐ", "kế hoạch": "KH", "chỉ thị": "CT", "thông báo": "TB", "báo cáo": "BC", "tờ trình": "TTr", "hướng dẫn": "HD", "công văn": "", "nghị quyết": "NQ"}


class Clauses:
    """Makes sentences for one scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.rng = scene.rng
        self.times = Times(scene.rng, scene.day, scene.era == "1990s" and scene.rng.random() < 0.6)
        field = scene.field
        rules = dict(load_grammar("clauses")["rules"])
        rules |= {key[:-1]: field[key] for key in ("objects", "products", "events", "works", "problems", "topics")} | {"people": field["people"]}
        times, scene_ = self.times, scene
        self.topic = self.rng.choice(field["topics"])
        self.chair = f"{self._title(scene.issuer['head'])} {self._chaired().marked}"
        self.grammar = Grammar(
            self.rng,
            rules,
            {
                "topic": lambda: self.topic if self.rng.random() < 0.7 else self.rng.choice(field["topics"]),
                "BODY": lambda: scene_.any_body().marked,
                "SUPERIOR": lambda: self.rng.choice(scene_.superiors).marked,
                "ISSUER": lambda: scene_.self.marked,
                "COLLECTIVE": lambda: self.rng.choice(scene_.collectives),
                "PLACE": self._place,
                "PERSON": lambda: f"<n>{scene_.person()}</n>",
                "POST": self._post,
                "CHAIR": lambda: self.chair,
                "CITE": lambda: self.cite("m"), "CITE_I": lambda: self.cite("i"), "CITE_B": lambda: self.cite("b"), "CITE_A": lambda: self.cite("w"),
                "CITE_OWN": lambda: self.cite("s", scene_.self), "LAW": lambda: self.law("i"), "LAW_B": lambda: self.law("b"),
                "YEAR": lambda: times.year(-1), "YEAR_NOW": times.year, "YEAR_NEXT": lambda: times.year(self.rng.randint(1, 4)),
                "PERIOD": times.period, "PERIOD_DONE": times.period, "PERIOD_AHEAD": times.ahead, "PERIOD_START": lambda: self.rng.choice(("trong ", "")) + times.period(),
                "MONTH_NOW": times.month, "DAY": times.past_day, "DAY_NOW": lambda: f"<d {scene_.day}..{scene_.day}>{scene_.day:%d/%m/%Y}</d>",
                "N": lambda: str(self.rng.randint(12, 980)) if self.rng.random() < 0.7 else f"{self.rng.randint(1, 99)}.{self.rng.randint(0, 999):03}",
                "N_small": lambda: f"{self.rng.randint(2, 12):02}", "PCT": lambda: f"{self.rng.randint(5, 99)},{self.rng.randint(0, 9)}%" if self.rng.random() < 0.5 else f"{self.rng.randint(10, 100)}%",
                "MONEY": lambda: self.rng.choice((f"{self.rng.randint(1, 90)},{self.rng.randint(1, 9)} tỷ đồng", f"{self.rng.randint(50, 900)} triệu đồng")),
                "measure": lambda: self.rng.choice(field["measures"])[0], "unit": lambda: self.rng.choice(field["measures"])[1],
                "home_word": lambda: self.rng.choice((scene_.level, "ngành", "đơn vị")), "report_subject": lambda: "báo cáo " + self.grammar.expand("object"),
            },
        )  # fmt: skip

    # ---- actors ---------------------------------------------------------------------------------------------------------------------------
    def _title(self, title: str) -> str:
        return f"<v>{title}</v>"

    def _chaired(self) -> Body:
        return self.scene.self if self.scene.issuer["id"] not in {"office", "government_office"} else Body("Văn phòng", self.scene.self.full)

    def _place(self) -> str:
        names = load_grammar("names")
        kind = self.rng.choice((*names["units"], "xã", "xã", "phường"))
        return f"{kind} <l>{self.scene.place()}</l>"

    def _post(self) -> str:
        body = self.rng.choice(self.scene.roster)
        head = body.head
        if head is None:
            return f"{self._title(self.scene.issuer['deputy'])} {self.scene.self.marked}"
        deputy = self.rng.random() < 0.4 and head not in {"Trưởng", "Chánh"}
        return f"{self._title(f'Phó {head}' if deputy else head)} {body.marked}"

    def lead(self, own: bool = False) -> tuple[str, list[str]]:
        """Who is in charge: marked as it stands in the text, and as a list."""
        scene, rng = self.scene, self.rng
        if own and scene.units:
            chosen = rng.sample(scene.units, 2 if rng.random() < 0.15 else 1)
            return self.join([body.marked for body in chosen]), [body.mention for body in chosen]
        chance = rng.random()
        if chance < 0.52:
            body = scene.any_body()
            return body.marked, [body.mention]
        if chance < 0.60:
            body = rng.choice(scene.roster)
            if body.head:
                return f"{self._title(body.head)} {body.marked}", [f"{body.head} {body.mention}"]
            return body.marked, [body.mention]
        if chance < 0.72:
            text = rng.choice(scene.collectives)
            return text, [text]
        if chance < 0.80:
            first, second = rng.sample(scene.roster, 2)
            return self.join([first.marked, second.marked]), [first.mention, second.mention]
        if chance < 0.86 and len(departments := [body for body in scene.roster if body.mention.startswith("Sở ")]) > 2:
            return self.elliptic(rng.sample(departments, rng.randint(2, 3)))
        if chance < 0.90:
            body, text = rng.choice(scene.roster), rng.choice(scene.collectives)
            return f"{body.marked}, {text}", [body.mention, text]
        if chance < 0.93:
            body, name = rng.choice(scene.roster), scene.person()
            if body.head and body.head not in {"Trưởng", "Chánh"}:
                return f"{self._title('Phó ' + body.head)} {body.marked} <n>{name}</n>", [f"Phó {body.head} {body.mention} {name}"]
            return body.marked, [body.mention]
        if chance < 0.96 and scene.singular:
            body = rng.choice(scene.singular)
            return body.marked, [body.mention]
        body = scene.committee()
        return body.marked, [body.mention]

    def elliptic(self, bodies: list[Body]) -> tuple[str, list[str]]:
        """`các Sở: Tài chính, Y tế`."""
        parts = [f"<a {body.full}|{body.mention}>{body.mention.removeprefix('Sở ')}</a>" for body in bodies]
        return f"{self.rng.choice(('các Sở: ', 'các sở: ', 'các Sở '))}{self.join(parts)}", [body.mention for body in bodies]

    def join(self, parts: list[str]) -> str:
        """An enumeration."""
        if len(parts) == 1:
            return parts[0]
        last = self.rng.choice((" và ", " và ", ", "))
        return ", ".join(parts[:-1]) + last + parts[-1]

    def support(self, leads: list[str]) -> tuple[str, list[str]]:
        """Who helps: bodies other than those in charge, and perhaps a collective."""
        bodies = [body for body in self.rng.sample(self.scene.roster, self.rng.choice((1, 1, 2, 3))) if body.mention not in leads]
        parts, names = [body.marked for body in bodies], [body.mention for body in bodies]
        if not parts or self.rng.random() < 0.35:
            text = self.rng.choice(("các cơ quan, đơn vị liên quan", "các đơn vị có liên quan", "các địa phương", "các cơ quan có liên quan"))
            parts, names = [*parts, text], [*names, text]
        return self.join(parts), names

    # ---- tasks ----------------------------------------------------------------------------------------------------------------------------
    def action(self) -> str:
        """What to do."""
        text = self.grammar.expand("action")
        if self.rng.random() < 0.45:
            text += self.grammar.expand("tail")
        return tidy(text).strip()

    def task(self, template: str, lead: tuple[str, list[str]] | None = None, status: str = "", own: bool = False) -> str:
        """A sentence (or several) that gives work, from a template of tasks.toml. Without `{LEAD}` in the template, `lead` is who was named before."""
        who = lead or self.lead(own)
        second = self.lead(own)
        help_, helpers = self.support(who[1]) if "{SUP}" in template else ("", [])
        phrase, until = self.times.deadline() if "{DL}" in template and self.rng.random() < 0.45 else ("", "")
        if "{DL_FIRST}" in template:
            phrase, until = self.times.first()
        marks = [self.mark(who[1], helpers, until, status), self.mark(second[1], [], "", status)]
        text = template.replace("{LEAD2}", second[0]).replace("{LEAD}", who[0]).replace("{SUP}", help_).replace("{DL_FIRST}", phrase).replace("{DL}", phrase)
        act, act2 = self.action(), self.action()
        text = text.replace("{ACT^}", capital(act)).replace("{ACT2}", act2).replace("{ACT}", act)
        for mark in marks:
            text = text.replace("[", f"<k {mark}>", 1).replace("]", "</k>", 1)
        return capital(self.grammar.fill(text).strip())

    def mark(self, leads: list[str], helpers: list[str], until: str, status: str = "") -> str:
        """The attributes of a task."""
        return f"{'; '.join(leads)}{' + ' + '; '.join(helpers) if helpers else ''}{f' @ {until}' if until else ''}{status}"

    # ---- citations ------------------------------------------------------------------------------------------------------------------------
    def cite(self, relation: str, by: Body | None = None) -> str:
        """A mention of a document: of a higher body, of a neighbour, or of `by`."""
        scene, rng = self.scene, self.rng
        day = self.times.past(900)
        body = by or (rng.choice(scene.superiors) if relation in "ib" and rng.random() < 0.6 else scene.self if rng.random() < 0.3 else rng.choice(scene.roster))
        kinds = {"i": ("quyết định", "kế hoạch", "chỉ thị", "công văn", "nghị quyết"), "b": ("quyết định", "nghị quyết"), "w": ("công văn", "tờ trình"), "s": ("kế hoạch", "công văn", "quyết định")}
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
        fixed = {"Thủ tướng Chính phủ": "TTg", "Chính phủ": "CP", "Quốc hội": "QH15", "Bộ Chính trị": "TW", "Ban Bí thư": "TW", "Văn phòng Chính phủ": "VPCP", "Ủy ban Thường vụ Quốc hội": "UBTVQH15"}
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
        return text.replace("{FA}", symbols[names["department"]]).replace("{MA}", symbols[names["ministry"]]).replace("{initials}", initials(self.scene.self.mention))

    def law(self, relation: str) -> str:
        """A law by name and year."""
        laws = [row for row in rows("laws.csv") if row["doc_type"] == "luật" and row["numbers"]]
        row = self.rng.choice(laws)
        years = [part.split("=") for part in row["numbers"].split() if "=" in part]
        years = [pair for pair in years if int(pair[0]) <= self.scene.day.year] or years[:1]
        year = self.rng.choice(years)[0]
        return f"<c {relation}|d:{year}|ti:{row['name']}>Luật {row['name']} <d {year}-01-01..{year}-12-31>năm {year}</d></c>"

    def bases(self) -> list[str]:
        """Lines of the legal basis."""
        laws = [f"Căn cứ {self.law('b')};" for _ in range(self.rng.randint(1, 2))]
        cited = [f"Căn cứ {self.cite('b')};" for _ in range(self.rng.randint(0, 2))]
        last = self.rng.choice((f"Theo đề nghị của {self._post()}.", f"Xét đề nghị của {self.scene.any_body().marked} tại {self.cite('w')}.", f"Theo đề nghị của {self.scene.any_body().marked}."))
        return laws + cited + [last]

    def sentence(self, symbol: str) -> str:
        """A sentence of a symbol of clauses.toml."""
        return capital(self.grammar.expand(symbol).strip())


def initials(name: str) -> str:
    """The initials of a name: `initials("Trường THPT Quang Trung")` is `TTHPTQT`."""
    letters = [word if word.isupper() and len(word) > 1 else word[0] for word in bare(name).replace("-", " ").replace(",", " ").split() if word[0].isupper()]
    return "".join(letters)[:9]
