"""Make a document at random: `make_document(seed)` gives a Document like those of corpus/sources, with its gold."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from generator.clauses import Clauses
from generator.engine import bare, capital, load_grammar
from generator.noise import misprinted
from generator.outline import ARTICLES, FLAT, PARTY, SCHEMES, Outline
from generator.parts import Parts
from generator.scene import Scene
from generator.source import Document, build_document


def make_documents(seed: int, count: int) -> Iterator[Document]:
    """`count` documents; the same seed gives the same documents, and a longer run begins with those of a shorter one."""
    for number in range(count):
        yield make_document(f"{seed}-{number}")


def make_document(seed: str, era: str | None = None, doc_type: str | None = None) -> Document:
    """One document. `era` and `doc_type` fix what is otherwise drawn."""
    rng = random.Random(f"docparse {seed}")
    types: list[dict[str, Any]] = load_grammar("documents")["type"]
    issuer = None
    if doc_type:
        able = [
            row
            for row in load_grammar("issuers")["issuer"]
            if doc_type in row["types"] and era in {None, *row.get("eras", ("1990s", "district", "two_level"))}
        ]
        issuer = rng.choice(able)["id"]
    scene = Scene(rng, era, issuer)
    kind = doc_type or rng.choice([name for name in scene.issuer["types"] if any(row["name"] == name for row in types)])
    return Maker(scene, next(row for row in types if row["name"] == kind)).document(f"made-{seed}")


class Maker:
    """Puts one document together."""

    def __init__(self, scene: Scene, kind: dict[str, Any]) -> None:
        self.scene = scene
        self.rng = scene.rng
        self.kind = kind
        self.clauses = Clauses(scene)
        self.party = bool(scene.issuer.get("party"))

    def document(self, name: str) -> Document:
        """The document."""
        left, issuer, parent = self.scene.letterhead()
        number = self._number()
        outline = self._outline()
        parts = Parts(self.clauses, outline, issuer)
        title = self.clauses.grammar.fill(self.rng.choice(self.kind["titles"]))
        letter = not self.kind["abbr"]
        addressees = self._addressees() if self.kind.get("addressed") and self.rng.random() < 0.95 else []
        self._opening(outline, addressees)
        names = self._parts()
        annex = [part for part in names if part.startswith("annex")]
        for part in names:
            if part not in annex:
                parts.write(part, bool(self.kind.get("flat")))
        self._closing(outline)
        outline.lines.append("---sign---")
        for part in annex:
            self._annex(outline, parts, part, number)
        closing, signers = self._signature()
        place = self.scene.issuer["place"].format_map(self.scene.short)
        day = self.scene.day
        head: dict[str, Any] = {"left": left, "number": number[0], "place_date": f"<l>{place}</l>, {self._written()}"}
        data: dict[str, Any] = {"outputs": ["txt"], "body": misprinted("\n".join(outline.lines), self.rng), "letterhead": head, "closing": closing}
        if self.party:
            head["party"] = True
        if letter:
            head["subject"] = f"V/v {title}" if self.rng.random() < 0.85 else f"Về việc {title}"
        else:
            data["title"] = {"type": self.kind["name"].upper(), "lines": [title]}
        header = {
            "doc_type": self.kind["name"], "number": number[1], "issuer": issuer, "parent_issuer": parent, "place": place, "date": day.isoformat(),
            "title": bare(title), "addressees": addressees,
        }  # fmt: skip
        data["gold"] = {"header": header, "signers": signers, "era": self.scene.era, "notes": "made from a grammar"}
        return build_document(name, data)

    # ---- head -------------------------------------------------------------------------------------------------------------------------------
    def _number(self) -> tuple[str, str]:
        """The number as it is printed and in canonical form."""
        symbol, abbr, old = self.clauses.references.own_symbol, self.kind["abbr"], self.scene.era == "1990s"
        count = self.rng.randint(1, 4200) if not abbr else self.rng.randint(1, 640)
        text = f"{count:02}"
        if self.party:
            number = f"{text}-{abbr or 'CV'}/{symbol}"
            return f"Số {number}", number
        unit = self.rng.choice(self.scene.issuer.get("letter_units", ["VP", "TH"]))
        number = f"{text}/{abbr}-{symbol}" if abbr else f"{text}/{symbol}-{unit}"
        mark = "Số " if old and self.rng.random() < 0.5 else "Số: "
        return f"{mark}{number.replace('/', ' /', 1) if self.rng.random() < 0.08 else number}", number

    def _written(self) -> str:
        day = self.scene.day
        if self.scene.era == "1990s" and self.rng.random() < 0.5:
            return f"ngày {day.day} tháng {day.month} năm {day.year}"
        return f"ngày {day:%d} tháng {day:%m} năm {day.year}"

    def _addressees(self) -> list[str]:
        """Whom the document is addressed to, in plain text; written by `_opening`."""
        scene = self.scene
        upward = self.kind["name"] in {"báo cáo", "tờ trình"}
        if upward:
            self.addressed = [self.rng.choice(scene.superiors).marked]
        else:
            count = self.rng.randint(1, 3)
            self.addressed = [body.marked for body in self.rng.sample(scene.roster, count)]
            if self.rng.random() < 0.6:
                self.addressed.append(capital(self.rng.choice(scene.collectives)))
        return [bare(text) for text in self.addressed]

    def _opening(self, outline: Outline, addressees: list[str]) -> None:
        """Kính gửi, basis, introduction."""
        if addressees:
            if len(addressees) == 1:
                outline.lines.append(f"@Kính gửi: {self.addressed[0]}")
            else:
                outline.lines.append("@Kính gửi:")
                outline.lines += [f"@- {text}{';' if number < len(addressees) - 1 else '.'}" for number, text in enumerate(self.addressed)]
        openings = self.kind["openings"]
        if not openings:
            return
        for template in self.rng.choice(openings).split("\n"):
            for line in self._opening_lines(template):
                outline.plain(line, "basis" if line.startswith(("Căn cứ", "Theo đề nghị", "Xét")) else "description")
        if "decree" in self.kind:
            outline.lines.append(f"^ **{self.kind['decree']}**")

    def _opening_lines(self, template: str) -> Iterator[str]:
        if template.startswith("BASES"):
            yield from self.clauses.bases()
            template = template.removeprefix("BASES").strip()
        if template == "SITUATION":
            for _ in range(self.rng.randint(1, 2)):
                yield self.clauses.sentence("situation")
        elif template:
            yield capital(self.clauses.grammar.fill(template))

    # ---- body -------------------------------------------------------------------------------------------------------------------------------
    def _outline(self) -> Outline:
        era = self.scene.era
        if ("decree" in self.kind and not (self.party and "party_parts" in self.kind)) or self.kind["name"] == "quy chế":
            return Outline(self.rng, self.rng.choice(ARTICLES[era]))
        if self.party:
            return Outline(self.rng, self.rng.choice(PARTY))
        return Outline(self.rng, self.rng.choice((FLAT if self.kind.get("flat") else SCHEMES)[era]))

    def _parts(self) -> list[str]:
        if self.party and "party_parts" in self.kind:
            return list(self.rng.choice(self.kind["party_parts"]))
        return list(self.rng.choice(self.kind["parts"]))

    def _annex(self, outline: Outline, parts: Parts, name: str, number: tuple[str, str]) -> None:
        """A plan or rules issued with a decision."""
        rules = name == "annex_regulation"
        outline.lines.append("---annex---")
        outline.restart(self.rng.choice((ARTICLES if rules else SCHEMES)[self.scene.era]))
        outline.lines.append(f"^ **{self.rng.choice(('QUY CHẾ', 'QUY ĐỊNH')) if rules else 'KẾ HOẠCH'}**")
        outline.lines.append(f"^ **{capital(self.clauses.grammar.fill('{topic}'))}**")
        outline.lines.append(f"^ __(Kèm theo Quyết định số {number[1]} ngày {self.scene.day:%d/%m/%Y} của {self.scene.self.marked})__")
        names = ["article_rules"] * 4 if rules else ["purpose", "table" if name == "annex_table" else "work", "organisation"]
        for part in names:
            parts.write(part, flat=False)
        if self.rng.random() < 0.5:
            parts.caption()

    def _closing(self, outline: Outline) -> None:
        if not self.kind["closings"] or self.rng.random() < 0.15:
            return
        template = self.rng.choice(self.kind["closings"])
        if template == "PROBLEM":
            lead = self.rng.choice(self.scene.collectives)
            outline.plain(self.clauses.task(self.rng.choice(load_grammar("tasks")["problem_closing"]), (lead, [lead])))
        else:
            outline.plain(capital(self.clauses.grammar.fill(template)), "description")

    # ---- closing ----------------------------------------------------------------------------------------------------------------------------
    def _signature(self) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """Recipients and signature with the gold of the signer."""
        issuer, rng = self.scene.issuer, self.rng
        head, deputy, signs = issuer["head"], issuer["deputy"], issuer.get("signs", "")
        if self.scene.era == "1990s" and signs == "ỦY BAN NHÂN DÂN":
            signs = f"UBND {self.scene.long['T' if issuer['id'] == 'province' else 'H' if issuer['id'] == 'district' else 'X'].upper()}"
        slash = rng.random() < 0.1 or (self.party and rng.random() < 0.5)
        text = "T/M {}" if slash else "TM. {}"
        if issuer["id"] in {"school", "hospital", "unit", "company"}:
            head = (self.scene.self.head or head) if issuer["id"] == "unit" else head
            deputy = f"Phó {head}"
        if head in {"Trưởng", "Chánh"}:
            head, deputy = "Giám đốc", "Phó Giám đốc"
        acting = rng.random() < 0.55
        lines, signer = [], {"name": self.scene.person(), "position": head, "authority": "", "on_behalf_of": ""}
        if signs:
            lines.append(text.format(signs))
            signer |= {"authority": "TM.", "on_behalf_of": bare(self._ordinary(signs))}
        if acting and not (self.party and signs):
            lines.append(f"{'K/T' if slash else 'KT.'} <v>{head.upper()}</v>")
            signer |= {"authority": "KT.", "on_behalf_of": head, "position": deputy}
        elif acting:
            signer |= {"position": deputy}
        lines.append(f"<v>{signer['position'].upper()}</v>")
        return {"recipients": self._recipients(), "authority": lines, "name": signer["name"]}, [signer]

    def _ordinary(self, signs: str) -> str:
        words = {
            "ỦY BAN NHÂN DÂN": "Ủy ban nhân dân",
            "BAN THƯỜNG VỤ": "Ban Thường vụ",
            "BAN CHẤP HÀNH": "Ban Chấp hành",
            "BAN CHỈ ĐẠO": "Ban Chỉ đạo",
        }
        if signs in words:
            return words[signs]
        scene = self.scene
        return f"UBND {scene.long['T' if scene.issuer['id'] == 'province' else 'H' if scene.issuer['id'] == 'district' else 'X']}"

    def _recipients(self) -> list[str]:
        """The lines of Nơi nhận."""
        rng, scene = self.rng, self.scene
        lines = ["Như trên" if self.kind.get("addressed") else rng.choice(("Như Điều 3", "Như trên", capital(rng.choice(scene.collectives))))]
        lines += [self._for(body.marked) for body in rng.sample(scene.superiors, rng.randint(0, 2))]
        lines += [body.marked for body in rng.sample(scene.roster, rng.randint(1, 4))]
        if rng.random() < 0.4:
            lines.append(rng.choice(("Lãnh đạo đơn vị", "Các phòng, ban", "Các đơn vị trực thuộc")))
        lines.append(f"Lưu: {rng.choice(('VT', 'VT', 'VP'))}, {rng.choice(scene.issuer.get('letter_units', ['TH', 'VP', 'KH']))}")
        comma = "," if self.party else ";"
        return [f"- {line}{comma if number < len(lines) - 1 else '.'}" for number, line in enumerate(dict.fromkeys(lines))]

    def _for(self, text: str) -> str:
        return text + self.rng.choice(("", "", " (b/c)", " (để b/c)", " (để báo cáo)"))
