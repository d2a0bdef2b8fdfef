"""What a refusal says beside its gates: whose rule it is, and what to do next, in two languages.

The sentences of a gate stand with its policy, as `@zh` and `@en`. Here are the endings, which
many gates share, and the one place that spells articles out. Values in braces are filled in by
whoever knows them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from policies.decision import Basis, Gate

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing said in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language, **values: str) -> str:
        """Fill the braces and give one language.

        Raises:
            KeyError: a value is missing; a sentence with a gap is never shown.
        """
        return (self.zh if language == "zh" else self.en).format(**values)


ENDINGS: Mapping[str, Saying] = {
    "collect": Saying(
        "带身份证到办案单位领取，或请民警邮寄，也可经您书面同意后电子送达。"
        "登记送达后自动打开。已经收到的，请来电补登。",
        "Collect it at the unit with your ID card. "
        "It can also be posted, or sent electronically if you agree in writing. "
        "This opens by itself once service is recorded. "
        "If you have it already, call and have that entered.",
    ),
    "wait": Saying(
        "不用再申请。可以看时自动打开，并通知您。",
        "No need to apply again. It opens by itself, and we tell you.",
    ),
    "counter": Saying(
        "可到办案单位书面申请，写明要看的内容。",
        "Apply in writing at the unit, and name what you want to see.",
    ),
    "mandate": Saying(
        "请委托人在授权委托书上写明“查阅证据”、各项权限和起止日期。签名后交办案单位。",
        "Have a power of attorney signed that names evidence, each power, first and last day. "
        "Hand it in at the unit.",
    ),
    "again": Saying(
        "可补充材料再申请，或拨监督电话 {phone}。",
        "Add papers and apply again, or call the complaints number {phone}.",
    ),
    "call": Saying("请来电，由民警核对。", "Call; the officer will check."),
    "voucher": Saying(
        "带身份证到办案单位领新凭证，旧码作废。",
        "Collect a new voucher at the unit with your ID card; the old code ends.",
    ),
    "confirm": Saying(
        "确认后回到这里，内容不丢。", "Confirm and you are back here; nothing is lost."
    ),
    "head": Saying("请找本单位负责人。", "Speak to the head of your unit."),
    "retry": Saying(
        "填写的内容还在，期限不受影响。再试一次，或来电报代码 {ref}，也可到办案单位看。",
        "What you typed is kept; time limits are not affected. "
        "Try again, call and give code {ref}, or view at the unit.",
    ),
    "file": Saying(
        "没有保存，其他文件不受影响。重新导出或扫描后再传。",
        "Not stored; other files are not affected. Export or scan it again, then upload.",
    ),
    "clearer": Saying("换一张更清楚、更完整的图。", "Try a clearer, larger picture."),
    "hear": Saying("先听本人说明，再作决定。", "Hear the person before you decide."),
    "open": Saying("打开：{link}", "Open: {link}"),
}

ORDERS: Mapping[str, Saying] = {
    "Order 146": Saying(
        "《道路交通事故处理程序规定》",
        "Order 146 (Provisions on the Procedure for Handling Road Traffic Accidents)",
    ),
    "Order 162": Saying(
        "《机动车驾驶证申领和使用规定》",
        "Order 162 (Provisions on Applying for and Using Driving Licences)",
    ),
    "Order 164": Saying(
        "《机动车登记规定》", "Order 164 (Provisions on the Registration of Motor Vehicles)"
    ),
}

WHOSE_RULE: Mapping[Basis, Saying] = {
    Basis.LAW: Saying("法律规定", "by law"),
    Basis.PRACTICE: Saying("网上办理的做法", "practice online"),
    Basis.OURS: Saying("本服务的规定", "our own rule, stricter than the law"),
}

# As it stands in `@article`: an order of the list above, an article, perhaps a paragraph.
_ARTICLE = re.compile(
    r"(?P<order>Order 1(?:46|62|64)), art\. "
    r"(?P<article>[1-9][0-9]{0,2})(?:\((?P<paragraph>[1-9])\))?"
)
_DIGITS = "零一二三四五六七八九"


def article_text(article: str, language: Language) -> str:
    """Spell out a citation: «…第六十五条第二款», or “Order 146, article 65(2)”.

    Args:
        article: as in a gate, for example `Order 146, art. 65(2)`.
        language: `zh` or `en`.

    Raises:
        ValueError: it is no citation of an order we know.
    """
    found = _ARTICLE.fullmatch(article)
    if found is None:
        raise ValueError("no citation that we know")
    order, number, paragraph = found["order"], found["article"], found["paragraph"]
    if language == "en":
        return f"{order}, article {number}" + (f"({paragraph})" if paragraph else "")
    tail = f"第{_chinese(int(paragraph))}款" if paragraph else ""
    return f"{ORDERS[order].zh}第{_chinese(int(number))}条{tail}"


def whose_rule(gate: Gate, language: Language) -> str:
    """Say whose rule closed the gate, with its articles, on one line of its own."""
    whose = WHOSE_RULE[gate.basis].in_language(language)
    articles = [article_text(article, language) for article in gate.articles]
    if not articles:
        return whose
    if language == "zh":
        return f"{whose}：{'、'.join(articles)}"
    return f"{', '.join(articles)} ({whose})"


def ending(gate: Gate, language: Language, **values: str) -> str:
    """Say what to do next.

    Raises:
        KeyError: the ending needs a value (`phone`, `ref` or `link`) that was not given.
    """
    return ENDINGS[gate.next_step].in_language(language, **values)


def _chinese(number: int) -> str:
    """Write 1 to 999 as the Orders do: 65 六十五, 105 一百零五, 112 一百一十二."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
