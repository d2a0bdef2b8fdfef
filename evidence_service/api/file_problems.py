"""Why a file is not taken: a sentence for each of the first look's reasons, in two languages."""

FILES = {
    "unsupported_format": (
        "“{name}”是 {found}。可用 PDF（动态表单除外）、JPEG、PNG、TIFF。",
        "“{name}” is {found}. Use PDF (no dynamic forms), JPEG, PNG or TIFF.",
    ),
    "type_mismatch": (
        "“{name}”的扩展名与内容（{found}）不符。",
        "The ending of “{name}” does not fit its content ({found}).",
    ),
    "polyglot": (
        "“{name}”里还有另一种文件（{found}）。",
        "“{name}” also holds another kind of file ({found}).",
    ),
    "encrypted": (
        "“{name}”有密码。请先去掉。",
        "“{name}” has a password. Remove it first.",
    ),
    "damaged": ("“{name}”不完整，有的地方读不出来。", "“{name}” is not complete."),
    "zero_pages": ("“{name}”里没有一页。", "“{name}” has no pages."),
    "empty_file": ("“{name}”是空的。", "“{name}” is empty."),
    "too_large": ("“{name}”超过了上限。请分开。", "“{name}” is over the limit. Split it."),
    "too_many_pages": (
        "“{name}”页数超过了上限。请分开。",
        "“{name}” has too many pages. Split it.",
    ),
    "too_many_pixels": (
        "“{name}”像素太多，上限 50 百万。",
        "“{name}” has too many pixels; the limit is 50 megapixels.",
    ),
}
FILES |= {"unsupported_variant": FILES["unsupported_format"], "truncated": FILES["damaged"]}
