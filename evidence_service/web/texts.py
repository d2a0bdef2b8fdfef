"""What the page says, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The page in one language."""

    lang: str
    title: str
    what: str
    recorded: str
    api: str
    checkpoint: str
    checkpoint_why: str
    health: str
    ready: str
    not_ready: str
    licence: str


TEXTS = {
    "zh": Words(
        lang="zh-CN",
        title="道路交通事故证据查阅",
        what="认定书送达后，当事人可以查阅、复制、摘录证据材料（《道路交通事故处理程序规定》第六十五条）。",
        recorded="每一页都为这一次查阅加上标记。每一次查阅，同意的和不同意的，都有记录；记录可以自证没有被改过。",
        api="接口说明（OpenAPI 3.1）",
        checkpoint="查阅记录的签名检查点",
        checkpoint_why="保存它，以后可以核对记录没有被改过。",
        health="运行情况",
        ready="现在可以使用。",
        not_ready="有一部分现在没有回应，材料没有丢。不知道何时恢复。",
        licence="自由软件，许可证 AGPL-3.0-or-later。您有权取得正在运行的这一版的源代码。",
    ),
    "en": Words(
        lang="en",
        title="Evidence of road accidents",
        what="Once the determination is served, parties may view, copy and excerpt the evidence "
        "(Order 146, article 65).",
        recorded="Every page is marked for this one viewing. Every viewing, granted or refused, is "
        "recorded, and the record proves that it was not changed.",
        api="Description of the API (OpenAPI 3.1)",
        checkpoint="Signed checkpoint of the record",
        checkpoint_why="Keep it, and you can check later that the record was not changed.",
        health="State of the service",
        ready="Ready.",
        not_ready="A part does not answer now. Nothing is lost. We do not know when it is back.",
        licence="Free software, licence AGPL-3.0-or-later. You may have the source code of the "
        "version that runs here.",
    ),
}
