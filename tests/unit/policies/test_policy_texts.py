"""What a refusal says: citations, endings, and sentences that keep to the rules of wording."""

import json
import re

import cedarpy
import pytest

from policies.decision import Basis, Gate
from policies.engine import parse
from policies.explain import ENDINGS, article_text, ending, whose_rule
from policies.lint import articles
from policies.packaged import read_packaged

SOURCES = read_packaged()
GATES = parse(SOURCES).gates.values()
SENTENCES = [
    *((gate.policy, gate.zh, gate.en) for gate in GATES),
    *((key, saying.zh, saying.en) for key, saying in ENDINGS.items()),
]
BLAME_ZH = ("非法", "无权", "错误", "失败", "拒绝", "！", "不得")
BLAME_EN = ("invalid", "denied", "failed", "illegal", "error", "please", "!", "not allowed")


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("Order 146, art. 5", "《道路交通事故处理程序规定》第五条", "Order 146, article 5"),
        ("Order 146, art. 10", "《道路交通事故处理程序规定》第十条", "Order 146, article 10"),
        ("Order 146, art. 18", "《道路交通事故处理程序规定》第十八条", "Order 146, article 18"),
        (
            "Order 146, art. 65(2)",
            "《道路交通事故处理程序规定》第六十五条第二款",
            "Order 146, article 65(2)",
        ),
        ("Order 146, art. 70", "《道路交通事故处理程序规定》第七十条", "Order 146, article 70"),
        ("Order 146, art. 100", "《道路交通事故处理程序规定》第一百条", "Order 146, article 100"),
        (
            "Order 146, art. 105(1)",
            "《道路交通事故处理程序规定》第一百零五条第一款",
            "Order 146, article 105(1)",
        ),
        (
            "Order 146, art. 112",
            "《道路交通事故处理程序规定》第一百一十二条",
            "Order 146, article 112",
        ),
        ("Order 164, art. 25", "《机动车登记规定》第二十五条", "Order 164, article 25"),
    ],
)
def test_articles_are_spelt_as_the_orders_spell_them(article, zh, en):
    assert article_text(article, "zh") == zh
    assert article_text(article, "en") == en


@pytest.mark.parametrize(
    "wrong", ["", "65", "Order 147, art. 1", "Order 146, art. 0", "Order 146, art. ٦", "art. 65(2)"]
)
def test_what_is_no_citation_is_not_spelt_out(wrong):
    with pytest.raises(ValueError, match="no citation"):
        article_text(wrong, "zh")


def test_every_cited_article_stands_in_the_order(shared):
    order = (shared / "law" / "order-146-accident-handling.md").read_text(encoding="utf-8")
    tree = json.loads(cedarpy.policies_to_json_str(SOURCES.policies))
    cited = set()
    for policy in tree["staticPolicies"].values():
        cited.update(articles(policy["annotations"].get("article", "")))
    assert cited
    for article in cited:
        name, _, paragraph = article_text(article, "zh").partition("条")
        heading = f"\n{name.removeprefix('《道路交通事故处理程序规定》')}条 "
        assert heading in order
        text = re.split(r"\n(?:第.{1,7}条 |#)", order.split(heading)[1])[0]
        paragraphs = [p for p in text.split("\n\n") if p.strip() and not p.startswith("（")]
        if paragraph:
            assert len(paragraphs) >= "一二三四".index(paragraph[1]) + 1


@pytest.mark.parametrize(("name", "zh", "en"), SENTENCES, ids=[each[0] for each in SENTENCES])
def test_sentences_are_short_plain_and_blame_nobody(name, zh, en):
    assert name
    for sentence in re.split("[。；]", zh.rstrip("。")):
        spoken = re.sub(r"[，、：“”{}a-z ]", "", sentence)
        assert 0 < len(spoken) <= 30, sentence
    for sentence in re.split(r"[.;] ", en):
        assert 0 < len(sentence.split()) <= 20, sentence
    assert not any(word in zh for word in BLAME_ZH)
    assert not any(word in en.lower() for word in BLAME_EN)
    assert not re.search("[，。：；（）]", en)
    assert not re.search("[,;:()!?]", zh)
    assert zh.count("请") <= 2
    assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en))


def test_no_two_gates_say_the_same():
    assert len({gate.zh for gate in GATES}) == len({gate.en for gate in GATES}) == len(GATES)


def test_the_rule_and_its_owner_stand_on_one_line():
    gate = Gate("x", ("Order 146, art. 65(2)",), Basis.LAW, "fact", "collect", "", "")
    assert whose_rule(gate, "zh") == "法律规定：《道路交通事故处理程序规定》第六十五条第二款"
    assert whose_rule(gate, "en") == "Order 146, article 65(2) (by law)"
    ours = Gate("x", (), Basis.OURS, "fact", "open", "", "")
    assert whose_rule(ours, "zh") == "本服务的规定"
    assert whose_rule(ours, "en") == "our own rule, stricter than the law"


def test_an_ending_is_filled_in_or_not_given():
    gate = Gate("x", (), Basis.OURS, "fact", "open", "", "")
    assert ending(gate, "zh", link="新版本") == "打开：新版本"
    assert ending(gate, "en", link="the newer version") == "Open: the newer version"
    with pytest.raises(KeyError):
        ending(gate, "en")
