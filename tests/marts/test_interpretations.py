"""解读 and the documents they explain."""

from datetime import date

import pytest

from tests.marts.facts import marts, rows

TITLE = "甲市人民政府关于印发《甲市防汛应急预案》的通知"


def item(place, title, published, **more):
    base = {"source": "log.csv", "place": f"row {place}", "agency": "甲市", "title": title}
    return base | {"published_on": published} | more


def policy(place=1, title=TITLE, published=date(2023, 9, 22), number=7, **more):
    known = {"document_number": f"甲府〔2023〕{number}号", "series": "甲府", "series_year": 2023}
    return item(place, title, published, **{**known, "serial": number, **more})


def links(*items, columns="link_kind, certainty, lag_workdays", registers=None):
    con = marts(items=list(items), registers=registers)
    return rows(con, f"SELECT {columns} FROM interpretations ORDER BY published_on, place")


@pytest.mark.parametrize(
    ("interpretation", "found"),
    [
        ({"title": "《甲市防汛应急预案》解读"}, ("title", "likely", 4)),
        ({"title": "《甲市防汛应急预案》政策图解"}, ("title", "likely", 4)),
        ({"title": "一图读懂《甲市 防汛应急预案》"}, ("title", "likely", 4)),
        ({"title": "甲市防汛应急预案政策解读"}, ("title", "likely", 4)),
        ({"title": "甲府〔2023〕7号文件解读"}, ("number", "certain", 4)),
        ({"title": "关于印发甲府[2023]7号的解读"}, ("number", "certain", 4)),
        ({"title": "政策解读", "related_url": "http://a/1"}, ("address", "certain", 4)),
        ({"title": "《乙市预案》解读"}, (None, None, None)),
        ({"title": "甲府〔2023〕8号解读"}, (None, None, None)),
    ],
)
def test_links(interpretation, found):
    other = item(2, published=date(2023, 9, 28), **interpretation)
    assert links(policy(url="http://a/1"), other) == [found]


def test_a_document_may_state_the_address_of_what_explains_it():
    document = policy(url="http://a/1", related_url="http://a/2")
    explained = item(2, "图解新规", date(2023, 9, 25), url="http://a/2")
    assert links(document, explained) == [("address", "certain", 1)]


def test_a_column_of_interpretations_makes_an_item_one():
    other = item(2, "防汛怎么办《甲市防汛应急预案》", date(2023, 9, 22), channel="政策解读")
    assert links(policy(), other) == [("title", "likely", 0)]


def test_a_notice_about_interpreting_is_none():
    other = item(2, "关于印发《甲市政策解读工作办法》的通知", date(2023, 9, 22))
    assert links(policy(), other) == []


def test_of_several_documents_the_nearest_before_is_meant_and_that_is_possible_only():
    documents = [
        policy(1, published=date(2018, 1, 2), number=1),
        policy(2, published=date(2023, 9, 22)),
        policy(3, published=date(2023, 10, 31), number=9),
    ]
    found = links(
        *documents,
        item(4, "《甲市防汛应急预案》解读", date(2023, 9, 25)),
        columns="certainty, candidates, document_published_on",
    )
    assert found == [("possible", 3, date(2023, 9, 22))]


def test_news_of_a_document_does_not_stand_for_it():
    news = item(2, "市政府发布会介绍《甲市防汛应急预案》", date(2023, 9, 25))
    explained = item(3, "《甲市防汛应急预案》解读", date(2023, 9, 25))
    found = links(policy(), news, explained, columns="certainty, document_number")
    assert found == [("likely", "甲府〔2023〕7号")]


def test_a_number_of_another_document_than_the_one_named_is_doubtful():
    other = policy(2, "《甲市防旱应急预案》解读", date(2023, 9, 25))
    assert links(policy(), other) == [("number", "possible", 1)]
    same = policy(2, "《甲市防汛应急预案》解读", date(2023, 9, 25))
    assert links(policy(), same) == [("number", "certain", 1)]


def test_a_revision_is_not_explained_by_its_older_version():
    other = item(2, "《甲市防汛应急预案》修订解读", date(2023, 9, 25))
    assert links(policy(), other) == [("title", "possible", 1)]


def test_only_the_first_interpretation_of_a_document_is_the_first():
    titles = ["《甲市防汛应急预案》解读", "一图读懂《甲市防汛应急预案》"]
    others = [item(n, t, date(2023, 9, 25 + n)) for n, t in enumerate(titles, 2)]
    assert links(policy(), *others, columns="is_first") == [(True,), (False,)]


def test_an_interpretation_may_come_first():
    other = item(2, "《甲市防汛应急预案》解读", date(2023, 9, 21))
    assert links(policy(), other, columns="lag_days, lag_workdays") == [(-1, -1)]


def test_the_limit_is_the_regions(tmp_path):
    own = "interpretation_workdays: {甲市: 5, 甲: 9}\n"
    (tmp_path / "limits.yml").write_text(own, encoding="utf-8")
    other = item(2, "《甲市防汛应急预案》解读", date(2023, 9, 25))
    assert links(policy(), other, columns="limit_workdays") == [(3,)]
    assert links(policy(), other, columns="limit_workdays", registers=tmp_path) == [(5,)]
