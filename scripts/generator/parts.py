"""The parts of a made document: descriptions, results, and work given in the forms that documents use."""

from __future__ import annotations

from typing import Any

from generator.clauses import Clauses
from generator.engine import bare, capital, load_grammar
from generator.outline import Outline

RULE_SYMBOLS = ("rule_of_conduct", "rule_of_conduct", "custom", "criterion", "function")
CLASSES = {"result": "result", "reference": "basis"}
RULES = (
    "Nguyên tắc làm việc", "Phạm vi điều chỉnh", "Chế độ hội họp", "Quản lý, sử dụng", "Quyền và nghĩa vụ", "Trách nhiệm và quyền hạn",
    "Thẩm quyền quyết định", "Trình tự, thủ tục", "Hồ sơ và thời hạn giải quyết", "Các hành vi bị nghiêm cấm", "Chế độ làm việc", "Xử lý vi phạm",
    "Giải thích từ ngữ", "Điều khoản chuyển tiếp", "Mối quan hệ công tác", "Trách nhiệm của người đứng đầu",
)  # fmt: skip


class Parts:
    """Writes parts into an outline."""

    def __init__(self, clauses: Clauses, outline: Outline, issuer: str) -> None:
        self.clauses = clauses
        self.outline = outline
        self.rng = clauses.rng
        self.issuer = issuer
        self.tasks: dict[str, Any] = load_grammar("tasks")

    def write(self, name: str, flat: bool) -> None:
        """One part by its name in documents.toml."""
        if name.startswith("article_"):
            getattr(self, name)()
            return
        if name in {"invitation", "preparation"}:
            getattr(self, name)()
            return
        part: dict[str, Any] = load_grammar("documents")["part"][name]
        depth = 1
        if "headings" in part:
            self.outline.heading(1, self.rng.choice(part["headings"]))
            depth = 2
        elif flat and part.get("flat"):
            for _ in range(self.rng.randint(1, 2)):
                self.outline.plain(self.clauses.sentence(self.rng.choice(part["symbols"])), "result" if part["kind"] == "results" else "description")
            return
        self.fill(part, depth)

    def fill(self, part: dict[str, Any], depth: int) -> None:
        """The content of a part at a depth."""
        kind = part["kind"]
        if kind in {"text", "results"}:
            self.text(part, depth)
        elif kind == "proposals":
            self.proposals(depth)
        else:
            form = self.rng.choice(part["forms"])
            own = bool(part.get("own"))
            getattr(self, f"form_{form}")(depth, own)

    def text(self, part: dict[str, Any], depth: int) -> None:
        """Items that describe, or say what was done."""
        if (sub := part.get("sub")) and self.rng.random() < 0.6:
            for title, symbol in zip(sub, part["symbols"], strict=True):
                self.outline.heading(depth, title)
                for _ in range(self.rng.randint(1, 3)):
                    self.outline.bullet(self.clauses.sentence(symbol), "description")
            return
        style = self.rng.choice(("units", "units", "plain", "bullets"))
        for _ in range(self.rng.randint(2, 5)):
            symbol = self.rng.choice(part["symbols"])
            sentences = [self.clauses.sentence(symbol)]
            if self.rng.random() < 0.3:
                sentences.append(self.clauses.sentence(self.rng.choice(part["symbols"])))
            text, kind = " ".join(sentences), CLASSES.get(symbol, "description")
            if style == "units":
                self.outline.unit(depth, text, kind)
            elif style == "bullets":
                self.outline.bullet(text, kind)
            else:
                self.outline.plain(text, kind)

    # ---- forms of giving work ---------------------------------------------------------------------------------------------------------------
    def form_tasks(self, depth: int, own: bool = False) -> None:
        """Numbered sentences that name who is in charge."""
        for _ in range(self.rng.randint(2, 6)):
            self.outline.unit(depth, self.sentence(own))
        if self.rng.random() < 0.3:
            self.outline.plain(self.closing_task())

    def form_plain(self, depth: int, own: bool = False) -> None:
        """The same without numbers."""
        for _ in range(self.rng.randint(1, 4)):
            (self.outline.plain if self.rng.random() < 0.6 else self.outline.bullet)(self.sentence(own))

    def sentence(self, own: bool = False) -> str:
        """One sentence that gives work, sometimes to two."""
        if self.rng.random() < 0.1:
            return self.clauses.task(self.rng.choice(self.tasks["two_leads"]), own=own)
        return self.clauses.task(self.rng.choice(self.tasks["sentences"]), own=own)

    def form_heads(self, depth: int, own: bool = False) -> None:
        """Who is in charge as a heading, the work below."""
        for _ in range(self.rng.randint(2, 4)):
            self.head(depth, own)

    def head(self, depth: int, own: bool = False) -> None:
        """One such heading with its items, or with its work on the same line or in the next paragraph."""
        lead = self.clauses.lead(own)
        title = capital(self.rng.choice(self.tasks["heads"]).replace("{LEAD}", lead[0]))
        items = [self.clauses.task(self.rng.choice(self.tasks["items"]), lead) for _ in range(self.rng.randint(1, 4))]
        if len(items) == 1 and self.rng.random() < 0.5:
            self.outline.unit(depth, f"{title.rstrip(':')}: {items[0]}")
            return
        self.outline.unit(depth, title, "heading")
        style = self.rng.choice(("bullets", "units", "plain")) if depth + 1 <= len(self.outline.scheme) else "bullets"
        for item in items:
            if style == "units":
                self.outline.unit(depth + 1, item)
            else:
                (self.outline.bullet if style == "bullets" or len(items) > 1 else self.outline.plain)(item)

    def form_mixed(self, depth: int, own: bool = False) -> None:
        """Headings and sentences by turns."""
        for _ in range(self.rng.randint(3, 5)):
            if self.rng.random() < 0.5:
                self.head(depth, own)
            else:
                self.outline.unit(depth, self.sentence(own))

    def form_lead_in(self, depth: int, own: bool = False) -> None:
        """A sentence with a colon, then items that name no one."""
        lead = self.clauses.lead(own)
        text = self.clauses.grammar.fill(self.rng.choice(self.tasks["lead_ins"]).replace("{LEAD}", lead[0]))
        in_unit = self.rng.random() < 0.5
        if in_unit:
            self.outline.unit(depth, capital(text), "heading")
        else:
            self.outline.plain(capital(text), "heading")
        for _ in range(self.rng.randint(2, 5)):
            item = self.clauses.task(self.rng.choice(self.tasks["items"]), lead)
            self.outline.bullet(item) if in_unit or self.rng.random() < 0.5 else self.outline.unit(depth, item)

    def form_planned(self, depth: int, own: bool = False) -> None:
        """Work of the issuer itself."""
        lead = (self.clauses.scene.self.marked, [self.issuer])
        style = self.rng.choice(("units", "units", "bullets", "topics"))
        for _ in range(self.rng.randint(3, 6)):
            item = self.clauses.task(self.rng.choice(self.tasks["planned"]), lead, "~")
            if style == "topics" and self.rng.random() < 0.4:
                self.outline.unit(depth, self.clauses.grammar.fill(self.rng.choice(self.tasks["topics_of_work"])), "heading")
            (self.outline.unit(depth, item) if style == "units" else self.outline.bullet(item))

    def form_work_lines(self, depth: int, own: bool = False) -> None:
        """A heading with the subject, bullets with the work, lines that say who, with whom and when."""
        for _ in range(self.rng.randint(2, 4)):
            self.outline.unit(depth, self.clauses.grammar.fill(self.rng.choice(self.tasks["topics_of_work"])), "heading")
            lead, support, time = self.clauses.lead(own), None, None
            if self.rng.random() < 0.7:
                support = self.clauses.support(lead[1])
            if self.rng.random() < 0.6:
                time = self.clauses.times.cell()
            attrs = self.clauses.mark(lead[1], support[1] if support else [], time[1] if time else "")
            for _ in range(self.rng.randint(1, 2)):
                self.outline.bullet(f"<k {attrs}>{capital(self.clauses.action())}.</k>")
            lines = [self.rng.choice(self.tasks["work_lines"]).replace("{LEAD}", capital(lead[0]))]
            if support:
                lines.append(self.rng.choice(self.tasks["help_lines"]).replace("{SUP}", capital(support[0])))
            if time:
                lines.append(self.rng.choice(self.tasks["time_lines"]).replace("{TIME}", time[0]))
            dashed = self.rng.random() < 0.5
            for line in lines:
                (self.outline.bullet if dashed else self.outline.plain)(line, "heading")

    def form_table(self, depth: int, own: bool = False) -> None:
        """A table of tasks."""
        rows = []
        for number in range(1, self.rng.randint(4, 8)):
            lead = self.clauses.lead(own)
            support = self.clauses.support(lead[1]) if self.rng.random() < 0.8 else ("", [])
            time = self.clauses.times.cell()
            attrs = self.clauses.mark(lead[1], support[1], time[1])
            rows.append([str(number), f"<k {attrs}>{capital(self.clauses.action())}</k>", capital(lead[0]), capital(support[0]), time[0]])
        self.outline.table("6 40 20 18 16", self.rng.choice(self.tasks["table"]["head_rows"]), rows)

    def caption(self) -> None:
        """A line in capitals above a list or a form, and what stands in it."""
        word = self.rng.choice(("DANH SÁCH", "PHỤ LỤC", "BẢNG TỔNG HỢP", "DANH MỤC", "BÁO CÁO", "MẪU"))
        self.outline.plain(f"{word} {bare(self.clauses.grammar.fill(self.rng.choice(('{topic}', '{object}', '{event}')))).upper()}", "heading")
        for _ in range(self.rng.randint(1, 3)):
            self.outline.bullet(self.clauses.sentence(self.rng.choice(("nouns", "reference", "criterion"))), "description")

    def closing_task(self) -> str:
        """The sentence about difficulties."""
        lead = self.rng.choice(self.clauses.scene.collectives)
        return self.clauses.task(self.rng.choice(self.tasks["problem_closing"]), (lead, [lead]))

    def proposals(self, depth: int) -> None:
        """Requests to superiors and neighbours."""
        for _ in range(self.rng.randint(1, 3)):
            body = self.rng.choice(self.clauses.scene.superiors) if self.rng.random() < 0.6 else self.rng.choice(self.clauses.scene.roster)
            word = self.rng.choice(
                (
                    "Đề nghị {LEAD} [{ACT}{DL}.]",
                    "Kiến nghị {LEAD} [{ACT}{DL}.]",
                    "Kính đề nghị {LEAD} [xem xét, {ACT}.]",
                    "Đối với {LEAD}: [{ACT^}.]",
                    "Đề nghị {LEAD} [quan tâm, {ACT}{DL}.]",
                )
            )
            self.outline.unit(depth, self.clauses.task(word, (body.marked, [body.mention])))

    # ---- articles of decisions ---------------------------------------------------------------------------------------------------------------
    def article_approve(self) -> None:
        """What is decided."""
        text = self.rng.choice(
            (
                "Phê duyệt {product} với các nội dung chủ yếu sau đây:",
                "Ban hành kèm theo Quyết định này {product}.",
                "Thông qua {product} theo đề nghị của {BODY}.",
                "Thành lập tổ công tác về {topic} gồm các ông, bà có tên sau:",
                "Nhất trí với nội dung {product} do {BODY} trình.",
            )
        )
        self.outline.unit(1, self.clauses.grammar.fill(text), "description")
        if text.endswith("sau:"):
            for _ in range(self.rng.randint(2, 4)):
                member = f"Ông <n>{self.clauses.scene.person()}</n>, {self.clauses.post()}, {self.rng.choice(('Tổ trưởng', 'thành viên', 'Tổ phó'))};"
                self.outline.unit(2, member, "description")
        elif text.endswith("đây:"):
            for _ in range(self.rng.randint(2, 3)):
                self.outline.unit(2, self.clauses.sentence(self.rng.choice(("general", "target"))), "description")

    def article_duties(self) -> None:
        """Standing duties of a body that is named."""
        body = self.clauses.scene.invented("council") if self.rng.random() < 0.6 else self.rng.choice(self.clauses.scene.roster)
        self.outline.unit(1, f"{body.marked} có các nhiệm vụ sau:", "heading")
        for _ in range(self.rng.randint(2, 5)):
            self.outline.unit(2, self.clauses.task("[{ACT^}{DL}.]", (body.marked, [body.mention])))

    def article_tasks(self) -> None:
        """Work given in an article."""
        chance = self.rng.random()
        if chance < 0.5:
            self.outline.unit(1, self.sentence())
            return
        self.outline.unit(1, self.rng.choice(("Tổ chức thực hiện", "Phân công thực hiện", "Trách nhiệm thi hành")), "heading")
        for _ in range(self.rng.randint(2, 4)):
            self.outline.unit(2, self.sentence())

    def article_target(self) -> None:
        """Targets."""
        self.outline.unit(1, "Mục tiêu, chỉ tiêu chủ yếu", "heading")
        for _ in range(self.rng.randint(2, 4)):
            self.outline.unit(2, self.clauses.sentence("target"), "description")

    def article_rules(self) -> None:
        """Rules of conduct, which are no tasks."""
        self.outline.unit(1, self.rng.choice(RULES), "heading")
        for _ in range(self.rng.randint(2, 6)):
            self.outline.unit(
                2, self.clauses.sentence(self.rng.choice(("rule_of_conduct", "rule_of_conduct", "custom", "criterion", "function"))), "description"
            )

    def article_effect(self) -> None:
        """When it comes into force."""
        text = self.rng.choice(
            (
                "{DOC} này có hiệu lực kể từ ngày ký.",
                "{DOC} này có hiệu lực thi hành kể từ ngày ký và thay thế {OLD}.",
                "Các quy định trước đây trái với {DOC} này đều bãi bỏ.",
            )
        )
        text = text.replace("{OLD}", self.clauses.references.cite("p", self.clauses.scene.self)).replace("{DOC}", "Quyết định")
        self.outline.unit(1, text, "description")

    def article_execution(self) -> None:
        """Who carries it out: a formula, no task."""
        bodies = self.rng.sample(self.clauses.scene.roster, 2)
        named = [f"<v>{body.head}</v> {body.marked}" if body.head else body.marked for body in bodies]
        others = f"{self.rng.choice(self.clauses.scene.collectives)} và các tổ chức, cá nhân có liên quan"
        text = f"{'; '.join(named)}; {others} chịu trách nhiệm thi hành Quyết định này./."
        self.outline.unit(1, capital(text), "description")

    # ---- invitations ---------------------------------------------------------------------------------------------------------------------------
    def invitation(self) -> None:
        """Time, place, who is invited."""
        day = self.clauses.times.later(2, 12)
        lines = (
            f"Thời gian: {self.rng.randint(7, 15):02} giờ 30, <d {day}..{day}>ngày {day:%d/%m/%Y}</d>.",
            f"Địa điểm: Phòng họp số {self.rng.randint(1, 4)}, {self.clauses.scene.any_body().marked}.",
            f"Chủ trì: đồng chí <n>{self.clauses.scene.person()}</n>, {self.clauses.post()}.",
            f"Thành phần: đại diện lãnh đạo {self.clauses.scene.any_body().marked}, {self.clauses.scene.any_body().marked}.",
        )
        for line in lines:
            self.outline.unit(1, line, "description")

    def preparation(self) -> None:
        """What the invited prepare."""
        for template in self.rng.sample(
            (
                "Giao {LEAD} [chuẩn bị tài liệu, báo cáo tại cuộc họp.]",
                "Đề nghị {LEAD} [chuẩn bị ý kiến về {object}.]",
                "{LEAD} [chuẩn bị phòng họp, máy chiếu và tài liệu.]",
                "Mời {LEAD} [cử cán bộ chuyên môn cùng dự.]",
            ),
            self.rng.randint(1, 2),
        ):
            self.outline.unit(1, self.clauses.task(template))
