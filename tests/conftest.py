"""Places and sample documents that many tests use. The texts are made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from docparse.record import Record

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"

PLAN = """UBND TỈNH HÒA BÌNH
BAN DÂN TỘC
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 47/KH-BDT
Hòa Bình, ngày 20 tháng 02 năm 2024
KẾ HOẠCH
Tổ chức hội thi tìm hiểu pháp luật năm 2024
Căn cứ Kế hoạch số 112/KH-UBND ngày 15/01/2024 của UBND tỉnh, Ban Dân tộc ban hành Kế hoạch như sau:
I. MỤC ĐÍCH
1. Giúp người dân các xã vùng cao nắm được chính sách mới.
2. Chọn đội dự thi cấp khu vực trong quý III/2024.
II. TỔ CHỨC THỰC HIỆN
1. Giao Phòng Tuyên truyền chủ trì, phối hợp với Sở Tư pháp soạn bộ câu hỏi, hoàn thành trước ngày 15/3/2024.
2. Đề nghị UBND các huyện, thành phố cử đội tham gia.
Nơi nhận:
- UBND tỉnh;
- Lưu: VT.
KT. TRƯỞNG BAN
PHÓ TRƯỞNG BAN
Hoàng Minh Đức
"""

settings.register_profile("project", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("project")


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A small plan as a text file."""
    path = tmp_path / "ke-hoach-47.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def plan_record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record of the small plan."""
    from docparse.pipeline import parse_file

    path = tmp_path_factory.mktemp("plan") / "ke-hoach-47.txt"
    path.write_text(PLAN, encoding="utf-8")
    return parse_file(path)


@pytest.fixture
def shared() -> Path:
    """The folder of real documents beside the checkout; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real documents in ../shared are not here")
    return SHARED
