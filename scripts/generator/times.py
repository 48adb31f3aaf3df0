"""Dates, periods and deadlines in the forms that documents write, marked with the days they mean."""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections.abc import Callable

ROMAN = ("I", "II", "III", "IV")


def marked(text: str, first: dt.date, last: dt.date | None = None) -> str:
    """A time expression with its first and last day."""
    return f"<d {first}..{last or first}>{text}</d>"


def month_days(year: int, month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month."""
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def quarter_days(year: int, quarter: int) -> tuple[dt.date, dt.date]:
    """First and last day of a quarter (1 to 4)."""
    return dt.date(year, 3 * quarter - 2, 1), month_days(year, 3 * quarter)[1]


class Times:
    """Makes time expressions around the day of a document."""

    def __init__(self, rng: random.Random, day: dt.date, old: bool) -> None:
        self.rng = rng
        self.day = day
        self.old = old

    def write(self, day: dt.date, word: str = "ngày ") -> str:
        """A full date."""
        if self.old:
            return f"{word}{day.day}{self.rng.choice('-/')}{day.month}-{day.year}".replace("/", "-")
        forms = (
            f"{word}{day:%d/%m/%Y}",
            f"{word}{day.day}/{day.month}/{day.year}",
            f"ngày {day:%d} tháng {day:%m} năm {day.year}",
            f"{word}{day:%d/%m/%Y}",
        )
        return self.rng.choice(forms)

    def past(self, days: int = 400) -> dt.date:
        """A day before the document's."""
        return self.day - dt.timedelta(days=self.rng.randint(2, days))

    def past_day(self) -> str:
        """A day before the document's, without the word ngày."""
        day = self.past(60)
        return marked(f"{day:%d/%m/%Y}", day)

    def year(self, shift: int = 0, word: str = "năm ") -> str:
        """A year, counted from the document's."""
        year = self.day.year + shift
        return marked(f"{word}{year}", dt.date(year, 1, 1), dt.date(year, 12, 31))

    def period(self) -> str:
        """A period that is over, as a report names it."""
        year, month = self.day.year, self.day.month
        forms = [self.year(-1)]
        if month > 1:
            first, last = month_days(year, month - 1)
            forms.append(marked(f"tháng {month - 1:02}/{year}", first, last))
            forms.append(marked(f"{month - 1:02} tháng đầu năm {year}", dt.date(year, 1, 1), last))
        quarter = (month - 1) // 3
        if quarter:
            forms.append(marked(f"quý {ROMAN[quarter - 1]}/{year}", *quarter_days(year, quarter)))
        if month > 6:
            forms.append(marked(f"6 tháng đầu năm {year}", dt.date(year, 1, 1), dt.date(year, 6, 30)))
        return self.rng.choice(forms)

    def ahead(self) -> str:
        """A period to come."""
        start = self.day.year + 1 if self.day.month > 6 else self.day.year
        end = start + self.rng.choice((1, 2, 4, 5))
        dash = self.rng.choice(("-", " - "))
        return marked(f"giai đoạn {start}{dash}{end}", dt.date(start, 1, 1), dt.date(end, 12, 31))

    def month(self) -> str:
        """The document's month."""
        first, last = month_days(self.day.year, self.day.month)
        return marked(f"tháng {self.day.month:02}/{self.day.year}", first, last)

    def later(self, least: int = 5, most: int = 300) -> dt.date:
        """A day after the document's."""
        return self.day + dt.timedelta(days=self.rng.randint(least, most))

    def deadline(self) -> tuple[str, str]:
        """A phrase that says until when (it follows the words of a task) and the attribute of its task mark."""
        makers: tuple[Callable[[], tuple[str, str]], ...] = (
            self._before, self._before, self._before, self._short, self._within, self._quarter, self._span, self._on,
            self._recurrent, self._yearly, self._month, self._plain,
        )  # fmt: skip
        return self.rng.choice(makers)()

    def first(self) -> tuple[str, str]:
        """A deadline that begins a sentence."""
        day = self.later()
        word = self.rng.choice(("Trước", "Chậm nhất", "Đến hết", "Chậm nhất là"))
        return f"{word} {marked(self.write(day), day)}", f"..{day}"

    def cell(self) -> tuple[str, str]:
        """A deadline as a table cell or a line of its own gives it."""
        day, year = self.later(), self.day.year
        quarter = self.rng.randint(1, 4)
        month = self.rng.randint(1, 12)
        first, last = month_days(year + 1, month)
        forms = (
            (f"Trước {marked(self.write(day), day)}", f"..{day}"),
            (marked(f"{day:%d/%m/%Y}", day), f"..{day}"),
            (marked(f"Quý {ROMAN[quarter - 1]}/{year + 1}", *quarter_days(year + 1, quarter)), "{}..{}".format(*quarter_days(year + 1, quarter))),
            (marked(f"Tháng {month:02}/{year + 1}", first, last), f"{first}..{last}"),
            (marked(f"Năm {year + 1}", dt.date(year + 1, 1, 1), dt.date(year + 1, 12, 31)), f"{year + 1}-01-01..{year + 1}-12-31"),
            ("Thường xuyên", ""),
            ("Hằng năm", "FREQ=YEARLY"),
        )
        return self.rng.choice(forms)

    def _before(self) -> tuple[str, str]:
        day = self.later()
        word = self.rng.choice(
            (
                " trước",
                ", hoàn thành trước",
                " xong trước",
                " chậm nhất",
                " chậm nhất là",
                ", báo cáo kết quả trước",
                " trước 17 giờ 00",
                ", hạn cuối",
                ", hoàn thành chậm nhất",
            )
        )
        return f"{word} {marked(self.write(day), day)}", f"..{day}"

    def _short(self) -> tuple[str, str]:
        last = dt.date(self.day.year, 12, 31)
        day = min(self.later(5, 120), last)
        if day <= self.day:
            return self._before()
        text = self.rng.choice((f"ngày {day:%d/%m}", f"ngày {day:%d} tháng {day:%m}", f"ngày {day.day}/{day.month}"))
        return f"{self.rng.choice((' trước', ' chậm nhất', ' xong trước', ', gửi trước'))} {marked(text, day)}", f"..{day}"

    def _within(self) -> tuple[str, str]:
        year = self.day.year + 1
        return f" trong {marked(f'năm {year}', dt.date(year, 1, 1), dt.date(year, 12, 31))}", f"{year}-01-01..{year}-12-31"

    def _quarter(self) -> tuple[str, str]:
        year, quarter = self.day.year + 1, self.rng.randint(1, 4)
        first, last = quarter_days(year, quarter)
        name = self.rng.choice((f"quý {ROMAN[quarter - 1]}/{year}", f"quý {ROMAN[quarter - 1]} năm {year}"))
        return f"{self.rng.choice((' trong', ', hoàn thành trong', ' xong trong'))} {marked(name, first, last)}", f"{first}..{last}"

    def _month(self) -> tuple[str, str]:
        year, month = self.day.year + 1, self.rng.randint(1, 12)
        first, last = month_days(year, month)
        return f"{self.rng.choice((' trong', ', hoàn thành trong'))} {marked(f'tháng {month:02}/{year}', first, last)}", f"{first}..{last}"

    def _span(self) -> tuple[str, str]:
        day = self.later(5, 90)
        end = day + dt.timedelta(days=self.rng.randint(3, 40))
        return f" {marked(f'từ {self.write(day)} đến {self.write(end)}', day, end)}", f"{day}..{end}"

    def _on(self) -> tuple[str, str]:
        day = self.later(3, 60)
        return f" trong {marked(self.write(day), day)}", f"{day}..{day}"

    def _recurrent(self) -> tuple[str, str]:
        day = self.rng.choice((5, 10, 15, 20, 25))
        how = self.rng.choice(("hằng tháng", "hàng tháng"))
        return f" {self.rng.choice(('trước', 'chậm nhất'))} <d ->ngày {day:02} {how}</d>", f"FREQ=MONTHLY;BYMONTHDAY={day}"

    def _yearly(self) -> tuple[str, str]:
        month, day = self.rng.choice((6, 11, 12)), self.rng.choice((5, 10, 15, 20))
        return f" trước <d ->ngày {day:02}/{month} {self.rng.choice(('hằng năm', 'hàng năm'))}</d>", f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"

    def _plain(self) -> tuple[str, str]:
        name, rule = self.rng.choice(
            (("hằng tháng", "FREQ=MONTHLY"), ("hằng tuần", "FREQ=WEEKLY"), ("hằng năm", "FREQ=YEARLY"), ("hàng tháng", "FREQ=MONTHLY"))
        )
        return f", định kỳ {name} báo cáo kết quả", rule
