"""Compound surnames (复姓), so that a mask cuts a name where its bearer would.

A list is a guess: it serves display alone, never a comparison and never a decision.
"""

_LISTED = """
欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 轩辕 南宫 端木 百里 呼延
独孤 闻人 赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 亓官 司寇 子车
颛孙 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 东郭 南门 羊舌 微生 梁丘 左丘 东门
西门 第五 纳兰 完颜 东野 贺兰 万俟 北堂 哥舒 叱干 屈突 达奚
歐陽 司馬 諸葛 東方 尉遲 公孫 長孫 軒轅 南宮 獨孤 聞人 赫連 澹臺 濮陽 單于 仲孫 鍾離 鮮于 閭丘
子車 顓孫 巫馬 樂正 壤駟 夾谷 穀梁 段幹 東郭 南門 梁丘 東門 西門 納蘭 完顏 東野 賀蘭 萬俟 達奚
"""

COMPOUND_SURNAMES = frozenset(_LISTED.split())
