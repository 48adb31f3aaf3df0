"""The site in Debian's Chromium, as people use it: with the mouse, with the keyboard alone, on a phone, in the dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, REVIEWER, chromium, log_in, make_site_files, served
from conftest import CORPUS
from playwright.sync_api import expect

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"), pytest.mark.xdist_group("browser")]

PAGES = (
    "/",
    "/?q=ke+hoach",
    "/?q=%22khong+co+gi%22",
    "/documents/1",
    "/documents/1?finding=task-0",
    "/documents/2/compare/3",
    "/documents/1/similar",
    "/documents/1/graph",
    "/kwic?q=ke+hoach&by=year",
    "/cited",
    "/cited/unfounded",
    "/tasks?today=2026-03-01",
    "/tasks/board?today=2026-03-01",
    "/tasks/calendar?calendar_month=2026-03",
    "/tasks/timeline?today=2026-03-01",
    "/agencies",
    "/agencies/so-y-te.phu-tho",
    "/statistics",
    "/try",
    "/login",
    "/help",
    "/nowhere",
)
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(make_site_files(tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page in Vietnamese on a desktop; what it writes to the console, or fails to load, is an error of the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    opened = context.new_page()
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: told.append(str(error)))
    yield opened
    context.close()
    assert [text for text in told if "404" not in text and "401" not in text] == []


def test_search_narrow_and_open(page: Any, site: str) -> None:
    page.goto(site)
    page.fill("#q", "sot xuat huyet")
    page.press("#q", "Enter")
    assert page.locator("[role=status]").inner_text() == "1 văn bản"
    assert page.locator(".hit .k-hit").first.inner_text() == "sốt xuất huyết"
    page.goto(f"{site}/?q=ke+hoach")
    page.locator(".facets a", has_text="báo cáo").click()
    assert "doc_type=b%C3%A1o+c%C3%A1o" in page.url
    assert page.locator("[role=status]").inner_text() == "2 văn bản"
    page.locator("a.chip.chosen").first.click()
    assert "doc_type" not in page.url
    page.locator(".hit h2 a").first.click()
    assert re.search(r"/documents/\d+\?q=ke", page.url)


def test_page_image_beside_the_text(page: Any, site: str) -> None:
    page.goto(f"{site}/documents/1?q=muoi")
    image = page.locator(".scan img").first
    image.scroll_into_view_if_needed()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1100
    assert page.locator(".words .k-hit").first.inner_text().lower() == "muỗi"
    assert page.locator(".scan rect.k-task").count() > 3


def test_click_on_a_finding_shows_value_rule_and_page(page: Any, site: str) -> None:
    page.goto(f"{site}/documents/1")
    page.locator(".words mark.k-citation").first.click()
    page.wait_for_selector("#panel .kind")
    assert page.locator("#panel .kind").inner_text() == "Viện dẫn · trang 1"
    assert page.locator("#panel code").first.inner_text() == "number.symbol"
    assert page.locator(".words mark.active").count() > 0
    assert page.locator(".scan rect.active").count() > 0
    assert "finding=citation-" in page.url
    page.locator(".scan rect.k-date").first.dispatch_event("click")
    expect(page.locator("#panel .kind")).to_have_text(re.compile("^Ngày tháng"))


def test_legend_hides_a_kind(page: Any, site: str) -> None:
    page.goto(f"{site}/documents/1")
    background = "element => getComputedStyle(element).backgroundColor"
    mark = page.locator(".words mark.k-date").first
    shown = mark.evaluate(background)
    page.uncheck("#show-date")
    assert (shown, mark.evaluate(background)) == ("rgb(241, 228, 248)", "rgba(0, 0, 0, 0)")


def test_outline_leads_to_its_section(page: Any, site: str) -> None:
    page.goto(f"{site}/documents/1")
    page.locator(".outline a", has_text="TỔ CHỨC THỰC HIỆN").click()
    page.wait_for_selector("#panel .kind")
    expect(page.locator(".words mark.active").first).to_be_in_viewport()


def test_correct_a_task(page: Any, site: str) -> None:
    log_in(page, site)
    assert page.locator(".self a", has_text=REVIEWER).count() == 1
    page.goto(f"{site}/documents/4?finding=task-0")
    leads = page.locator("#field-leads")
    before = leads.input_value()
    leads.fill("Sở Nội vụ\nSở Tài chính")
    leads.locator("xpath=ancestor::form").locator("button").click()
    page.wait_for_selector("#corrections")
    assert page.locator("#panel #field-leads").input_value() == "Sở Nội vụ\nSở Tài chính"
    assert REVIEWER in page.locator(".history li").first.inner_text()
    page.goto(f"{site}/tasks?task_lead=so+noi+vu&doc_type=c%C3%B4ng+%C4%91i%E1%BB%87n")
    assert page.locator("[role=status], .muted", has_text="1 nhiệm vụ").count() >= 1
    page.goto(f"{site}/review")
    assert page.locator(".history li").count() == 1
    page.locator(".history button").click()
    page.goto(f"{site}/documents/4?finding=task-0")
    assert page.locator("#field-leads").input_value() == before
    page.goto(f"{site}/account")
    page.locator("main form[action='/logout'] button").click()
    assert page.locator(".self a", has_text="Đăng nhập").count() == 1
    assert page.goto(f"{site}/review").url.startswith(f"{site}/login")


def test_fill_in_what_was_not_found(page: Any, site: str) -> None:
    log_in(page, site)
    page.goto(f"{site}/documents/9")
    page.locator(".docinfo a", has_text="Độ khẩn").click()
    page.locator("#panel select").select_option("khẩn")
    page.locator("#panel form button").first.click()
    page.wait_for_selector("#corrections")
    assert page.locator(".docinfo a", has_text="khẩn").first.inner_text() == "khẩn"
    page.locator(".history button").first.click()
    page.context.clear_cookies()


def test_wrong_password(page: Any, site: str) -> None:
    page.goto(f"{site}/login")
    page.fill("input[name=name]", REVIEWER)
    page.fill("input[name=password]", "sai")
    with page.expect_response(lambda response: response.status == 401):
        page.click("main form button")
    assert page.locator("[role=alert]").inner_text() == "Tên hoặc mật khẩu không đúng."
    page.context.clear_cookies()


def test_add_a_task_from_marked_words(page: Any, site: str) -> None:
    log_in(page, site)
    page.goto(f"{site}/documents/6")
    page.evaluate(
        """() => { const words = document.querySelector('.words'); const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
        let node; while ((node = walker.nextNode())) if (node.data.trim().length > 20) break;
        const range = document.createRange(); range.setStart(node, 0); range.setEnd(node, 20); getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    expect(page.locator("#add-end")).not_to_have_value("")
    assert int(page.input_value("#add-end")) - int(page.input_value("#add-start")) == 20
    page.fill("#add-action", "lập danh sách")
    page.fill("#add-leads", "Văn phòng")
    page.locator("#add-finding button").click()
    page.wait_for_selector("#corrections")
    assert page.locator("#tasks + .scroll th[scope=row]", has_text="lập danh sách").count() == 1
    page.locator(".history button").first.click()
    assert page.locator("#tasks + .scroll th[scope=row]", has_text="lập danh sách").count() == 0


def test_upload_is_parsed_and_not_stored(page: Any, site: str) -> None:
    page.goto(f"{site}/try")
    page.set_input_files("input[type=file]", CORPUS / "documents" / "cv-snnmt-gia-lai.pdf")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert "1608/SNNMT-TH" in page.locator("main").inner_text()
    page.goto(f"{site}/?q=1608%2FSNNMT-TH")
    assert page.locator("[role=status]").inner_text() == "0 văn bản"


def test_graph(page: Any, site: str) -> None:
    page.goto(f"{site}/documents/1/graph")
    assert page.locator("svg .node").count() > 3
    page.locator("svg a", has_text="Chỉ thị 17/CT-TTg").click()
    assert "/cited/by?key=" in page.url
    assert page.locator(".hit").count() == 1


def test_chart_downloads(page: Any, site: str) -> None:
    page.goto(f"{site}/statistics")
    with page.expect_download() as drawing:
        page.locator("a", has_text="SVG").first.click()
    assert drawing.value.path().read_text(encoding="utf-8").startswith("<?xml")
    with page.expect_download() as numbers:
        page.locator("a", has_text="CSV").first.click()
    assert numbers.value.path().read_text(encoding="utf-8-sig").splitlines()[1:] == ["2025,2025,5", "2026,2026,5"]


def test_keyboard_alone(page: Any, site: str) -> None:
    page.goto(f"{site}/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.goto(f"{site}/?q=ke+hoach")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Control+A")
    page.keyboard.type("sot xuat huyet")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=sot+xuat+huyet**")
    expect(page.locator(".hit")).to_have_count(1)
    page.wait_for_load_state()
    page.keyboard.press("j")
    expect(page.locator(".hit a:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/1**")
    page.wait_for_load_state()
    page.keyboard.press("?")
    page.wait_for_url("**/help#keys")


@pytest.mark.parametrize("path", PAGES)
def test_phone_width(browser: Any, site: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="vi-VN")
    page = context.new_page()
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_dark(browser: Any, site: str) -> None:
    context = browser.new_context(color_scheme="dark", locale="vi-VN")
    page = context.new_page()
    page.goto(site)
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(20, 23, 26)"
    page.goto(f"{site}/?theme=light")
    page.goto(f"{site}/help")
    assert page.evaluate(colour) == "rgb(247, 246, 243)"
    context.close()


def test_two_languages(page: Any, site: str) -> None:
    page.goto(site)
    page.locator(".self a", has_text="English").click()
    page.goto(f"{site}/tasks")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("h1").inner_text() == "Tasks"


def test_print(page: Any, site: str) -> None:
    page.goto(f"{site}/documents/1")
    page.emulate_media(media="print")
    assert [page.locator(name).first.is_visible() for name in (".top", ".legend", ".words")] == [False, False, True]


def test_nothing_comes_from_another_host(page: Any, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES[:-1]:
        page.goto(site + path)
    assert {address for address in asked if not address.startswith((site, "data:"))} == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_accessible(browser: Any, site: str, path: str, scheme: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, locale="vi-VN", bypass_csp=True)
    page = context.new_page()
    page.goto(site + path)
    found = Axe().run(page).response["violations"]
    assert [(broken["id"], broken["nodes"][0]["html"][:120]) for broken in found if broken["impact"] in SERIOUS] == []
    context.close()


def test_first_page_is_light(browser: Any, site: str) -> None:
    """HTML, style and scripts of the first page, uncompressed."""
    context = browser.new_context()
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(site, wait_until="networkidle")
    assert 3 <= len(sizes) <= 4
    assert sum(sizes) < 60_000
    context.close()


def test_screens_are_of_this_project(site: str) -> None:
    """The pictures in docs/ show pages that are there."""
    names = {path.stem for path in (Path(__file__).parents[2] / "docs" / "screens").glob("*.png")}
    assert names >= {"search", "document", "tasks", "statistics", "graph"}
