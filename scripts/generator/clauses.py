"""Sentences of a made document: what is to be done and by whom, what was done, how matters stand; citations; with all marks."""

from __future__ import annotations

from collections.abc import Callable

from generator.engine import Grammar, capital, load_grammar, tidy
from generator.references import References
from generator.scene import Body, Scene
from generator.times import Times, marked


class Clauses:
    """Makes sentences for one scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.rng = scene.rng
        self.times = Times(scene.rng, scene.day, scene.era == "1990s" and scene.rng.random() < 0.6)
        self.references = References(scene, self.times)
        field = scene.field
        rules = dict(load_grammar("clauses")["rules"])
        rules |= {key[:-1]: field[key] for key in ("objects", "products", "events", "works", "problems", "topics")} | {"people": field["people"]}
        self.topic = self.rng.choice(field["topics"])
        self.chair = self._chair()
        self.grammar = Grammar(self.rng, rules, self._makers())

    def _makers(self) -> dict[str, Callable[[], str]]:
        """What the symbols in capitals, and some others, are replaced by."""
        scene, rng, times, cite, field = self.scene, self.rng, self.times, self.references.cite, self.scene.field
        return {
            "topic": lambda: self.topic if rng.random() < 0.7 else rng.choice(field["topics"]),
            "BODY": lambda: scene.any_body().marked,
            "SUPERIOR": lambda: rng.choice(scene.superiors).marked,
            "ISSUER": lambda: scene.self.marked,
            "COLLECTIVE": lambda: rng.choice(scene.collectives),
            "PLACE": self._place,
            "PERSON": lambda: f"<n>{scene.person()}</n>",
            "POST": self.post,
            "CHAIR": lambda: self.chair,
            "CITE": lambda: cite("m"),
            "CITE_I": lambda: cite("i"),
            "CITE_B": lambda: cite("b"),
            "CITE_A": lambda: cite("w"),
            "CITE_OWN": lambda: cite("s", scene.self),
            "LAW": lambda: self.references.law("i"),
            "LAW_B": lambda: self.references.law("b"),
            "YEAR": lambda: times.year(-1),
            "YEAR_NOW": times.year,
            "YEAR_NEXT": lambda: times.year(rng.randint(1, 4)),
            "PERIOD": times.period,
            "PERIOD_DONE": times.period,
            "PERIOD_AHEAD": times.ahead,
            "PERIOD_START": lambda: rng.choice(("trong ", "")) + times.period(),
            "MONTH_NOW": times.month,
            "DAY": times.past_day,
            "DAY_NOW": lambda: marked(f"{scene.day:%d/%m/%Y}", scene.day),
            "N": lambda: str(rng.randint(12, 980)) if rng.random() < 0.7 else f"{rng.randint(1, 99)}.{rng.randint(0, 999):03}",
            "N_small": lambda: f"{rng.randint(2, 12):02}",
            "PCT": lambda: f"{rng.randint(5, 99)},{rng.randint(0, 9)}%" if rng.random() < 0.5 else f"{rng.randint(10, 100)}%",
            "MONEY": lambda: rng.choice((f"{rng.randint(1, 90)},{rng.randint(1, 9)} tỷ đồng", f"{rng.randint(50, 900)} triệu đồng")),
            "measure": lambda: str(rng.choice(field["measures"])[0]),
            "unit": lambda: str(rng.choice(field["measures"])[1]),
            "home_word": lambda: rng.choice((scene.level, "ngành", "đơn vị")),
            "report_subject": lambda: "báo cáo " + self.grammar.expand("object"),
        }

    # ---- actors ---------------------------------------------------------------------------------------------------------------------------
    def _title(self, title: str) -> str:
        return f"<v>{title}</v>"

    def _chair(self) -> str:
        """Who presides: the head of the issuer, or of whom an office serves; some with the name."""
        scene, issuer = self.scene, self.scene.issuer
        title, body = issuer["head"], scene.self
        if issuer["id"] == "office":
            title, body = self.rng.choice(("Chủ tịch", "Phó Chủ tịch")), scene.body("UBND {T}")
        elif issuer["id"] in {"government_office", "prime_minister"}:
            title, body = "Phó Thủ tướng", Body("Chính phủ", "Chính phủ")
        elif body.mention.startswith(title.split()[-1]):
            title = "Trưởng"
        name = f" <n>{scene.person()}</n>" if self.rng.random() < 0.4 else ""
        return f"{self._title(title)} {body.marked}{name}"

    def _place(self) -> str:
        names = load_grammar("names")
        kind = self.rng.choice((*names["units"], "xã", "xã", "phường"))
        return f"{kind} <l>{self.scene.place()}</l>"

    def post(self) -> str:
        """A position in a body."""
        body = self.rng.choice(self.scene.roster)
        title = body.deputy if self.rng.random() < 0.4 and body.deputy else body.head
        if title is None:
            return self.chair
        return f"{self._title(title)} {body.marked}"

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
        if chance < 0.91:
            return self.elliptic_committees()
        if chance < 0.93:
            body, name = rng.choice(scene.roster), scene.person()
            if body.deputy:
                return f"{self._title(body.deputy)} {body.marked} <n>{name}</n>", [f"{body.deputy} {body.mention} {name}"]
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

    def elliptic_committees(self) -> tuple[str, list[str]]:
        """`UBND các xã: Tân Phú, An Bình`."""
        kind = "xã" if self.scene.era == "two_level" or self.scene.issuer["talks"] in {"district", "commune"} else "huyện"
        places = list(dict.fromkeys(self.scene.place() for _ in range(self.rng.randint(2, 4))))
        word = self.rng.choice(("UBND", "UBND", "Ủy ban nhân dân"))
        names = [f"{word} {kind} {place}" for place in places]
        parts = [f"<a |{name}>{place}</a>" for name, place in zip(names, places, strict=True)]
        return f"{word} các {kind}{self.rng.choice((': ', ': ', ' '))}{self.join(parts)}", names

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
        for chance in (0.5, 0.2):
            if self.rng.random() < chance:
                text += self.grammar.expand("tail")
        if self.rng.random() < 0.1:
            text += ". " + self.grammar.expand("second")
        return tidy(text).strip()

    def task(self, template: str, lead: tuple[str, list[str]] | None = None, status: str = "", own: bool = False) -> str:
        """A sentence (or several) that gives work, from a template of tasks.toml; without `{LEAD}` in it, `lead` is who was named before."""
        who = lead or self.lead(own)
        second = self.lead(own)
        help_, helpers = self.support(who[1]) if "{SUP}" in template else ("", [])
        phrase, until = self.times.deadline() if "{DL}" in template and self.rng.random() < 0.45 else ("", "")
        if "{DL_FIRST}" in template:
            phrase, until = self.times.first()
        marks = [self.mark(who[1], helpers, until, status), self.mark(second[1], [], "", status)]
        text = (
            template.replace("{LEAD2}", second[0])
            .replace("{LEAD}", who[0])
            .replace("{SUP}", help_)
            .replace("{DL_FIRST}", phrase)
            .replace("{DL}", phrase)
        )
        act, act2 = self.action(), self.action()
        text = text.replace("{ACT^}", capital(act)).replace("{ACT2}", act2).replace("{ACT}", act)
        for mark in marks:
            text = text.replace("[", f"<k {mark}>", 1).replace("]", "</k>", 1)
        return capital(self.grammar.fill(text).strip())

    def mark(self, leads: list[str], helpers: list[str], until: str, status: str = "") -> str:
        """The attributes of a task."""
        return f"{'; '.join(leads)}{' + ' + '; '.join(helpers) if helpers else ''}{f' @ {until}' if until else ''}{status}"

    def bases(self) -> list[str]:
        """Lines of the legal basis."""
        laws = [f"Căn cứ {self.references.law('b')};" for _ in range(self.rng.randint(1, 2))]
        cited = [f"Căn cứ {self.references.cite('b')};" for _ in range(self.rng.randint(0, 2))]
        last = self.rng.choice(
            (
                f"Theo đề nghị của {self.post()}.",
                f"Xét đề nghị của {self.scene.any_body().marked} tại {self.references.cite('w')}.",
                f"Theo đề nghị của {self.scene.any_body().marked}.",
            )
        )
        return laws + cited + [last]

    def sentence(self, symbol: str) -> str:
        """A sentence of a symbol of clauses.toml."""
        return capital(self.grammar.expand(symbol).strip())
