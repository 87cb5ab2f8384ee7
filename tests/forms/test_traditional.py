"""Traditional mirrors: what is converted, and what must stay as it is."""

import pytest

from zwgk_analytics.forms.traditional import to_simplified


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("收到和處理政府信息公開申請情況", "收到和处理政府信息公开申请情况"),
        ("行政複議", "行政复议"),
        ("結轉下年度繼續辦理", "结转下年度继续办理"),
        ("社會公益組織", "社会公益组织"),
        ("行政徵收項目", "行政征收项目"),
        ("臺州市人民政府", "台州市人民政府"),
        ("「三安全一穩定」", "「三安全一稳定」"),
    ],
)
def test_traditional_text_becomes_simplified(traditional: str, simplified: str) -> None:
    assert to_simplified(traditional) == simplified


@pytest.mark.parametrize(
    "text",
    ["", "2024", "乾县人民政府", "宫商角徵羽", "於潜镇", "予以公开——3119件·", "朱镕基", "喆"],
)
def test_simplified_text_stays(text: str) -> None:
    assert to_simplified(text) == text
