"""The words of slips in every shipped language: everything on paper that is not a waybill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlipWords:
    """Words of one language; names in braces are placeholders and the same in all languages."""

    discrepancy: str
    """Title of the slip of two counts that differ."""
    ours: str
    """Column: what the station counted."""
    theirs: str
    """Column: what the other side counted."""
    differ: str
    """Column: theirs less ours."""
    reason: str
    """Before the reason of a difference."""
    both_sign: str
    """What both sides declare by signing a discrepancy slip."""
    packing_slip: str
    """Title of the paper inside the parcel."""
    recipient: str
    """Before the recipient's name."""
    thanks: str
    """Last line of a packing slip."""
    check: str
    """Title of the steps to tick."""
    steps: tuple[str, ...]
    """From the pick list to the handover, in their order."""
    handed_over_by: str
    """Last step: a name is written behind it."""
    command_sheet: str
    """Title of the sheet of command codes."""
    command_hint: str
    """How the sheet is used."""
    commands: Mapping[str, str]
    """What each command code does; by the code."""
    scanner_card: str
    """Title of the card."""
    scanner_hint: str
    """How the card is used."""
    enter: str
    """What must follow each scan."""
    probes: Mapping[str, tuple[str, str]]
    """By the name of a probe: what it tries, and what is wrong where another text appears."""
    no_room: str
    """Stands where a code is too long for the paper."""
    goods_total: str
    """Units of all lines."""


SLIPS_ZH = SlipWords(
    discrepancy="交接差异单",
    ours="我方",
    theirs="对方",
    differ="差",
    reason="原因",
    both_sign="双方清点结果不一致，如上所列，双方签字确认。",
    packing_slip="装箱单",
    recipient="收件人",
    thanks="感谢惠顾！如有问题请联系店铺客服。",
    check="操作核对",
    steps=("已打印拣货单", "已打印面单", "已复核装箱", "已贴面单并扫描"),
    handed_over_by="交件人",
    command_sheet="命令条码",
    command_hint="一次只扫一个，请遮住旁边的条码。",
    commands={
        "PSCMDOK": "确认，继续",
        "PSCMDUNDO": "撤销上一次扫描",
        "PSCMDHOLD": "拦截当前订单",
        "PSCMDSHORT": "少件，拦截当前订单",
        "PSCMDNEWBOX": "换新箱",
        "PSCMDREPRINT": "补打面单",
        "PSCMDVOID": "作废面单",
        "PSCMDPAUSE": "暂停，放下当前工作",
        "PSCMDDONE": "完成",
        "PSCMDBAG": "打开新集包袋",
        "PSCMDSEAL": "封袋",
        "PSCMDHANDOVER": "开始交接",
        "PSCMDCLOSE": "结束交接",
        "PSTRAY": "错件放入错件盘",
    },
    scanner_card="扫码枪检测卡",
    scanner_hint="光标放入任意输入框，逐个扫描，显示内容须与条码下方文字完全一致。",
    enter="每次扫描后须自动换行（后缀为回车 Enter）；若没有，请用扫码枪说明书设置回车后缀。",
    probes={
        "digits": ("数字", "数字错误：键盘布局或小键盘设置不对"),
        "letters": ("大小写字母", "大小写颠倒：请关闭大写锁定，取消大小写转换"),
        "layout": ("键盘布局", "字母互换：请将扫码枪键盘布局设为与电脑一致"),
        "signs": ("符号", "符号错误：键盘布局不一致或输入法为中文"),
        "retail": ("商品条码 EAN-13", "少首位或末位：请打开首位和校验位输出"),
        "long": ("长条码", "被截断：请放宽长度限制"),
        "chinese": ("二维码中文", "乱码：请将输出编码设为 Unicode/UTF-8"),
    },
    no_room="此纸张放不下该条码",
    goods_total="共 {units} 件",
)

SLIPS_EN = SlipWords(
    discrepancy="Discrepancy slip",
    ours="Ours",
    theirs="Theirs",
    differ="Diff.",
    reason="Reason",
    both_sign="The two counts differ as listed above; both sides confirm this by signing.",
    packing_slip="Packing slip",
    recipient="Recipient",
    thanks="Thank you for your order! Please write to the shop if anything is wrong.",
    check="Steps done",
    steps=("pick list printed", "waybill printed", "checked and packed", "label stuck and scanned"),
    handed_over_by="handed over by",
    command_sheet="Command codes",
    command_hint="Scan one code at a time; cover its neighbours.",
    commands={
        "PSCMDOK": "OK, go on",
        "PSCMDUNDO": "Undo the last scan",
        "PSCMDHOLD": "Hold this order",
        "PSCMDSHORT": "Goods are missing: hold this order",
        "PSCMDNEWBOX": "Another box",
        "PSCMDREPRINT": "Print the label again",
        "PSCMDVOID": "Void the label",
        "PSCMDPAUSE": "Pause: put this work aside",
        "PSCMDDONE": "Done",
        "PSCMDBAG": "Open a new bag",
        "PSCMDSEAL": "Seal the bag",
        "PSCMDHANDOVER": "Start a handover",
        "PSCMDCLOSE": "Close the handover",
        "PSTRAY": "Wrong goods go to the tray",
    },
    scanner_card="Scanner test card",
    scanner_hint="Scan each code into any text field: it must show exactly what stands below"
    " the code.",
    enter="A new line must follow each scan by itself (suffix Enter). If none does, set that"
    " suffix with the scanner's manual.",
    probes={
        "digits": ("Digits", "other digits: wrong keyboard layout or number pad"),
        "letters": ("Both cases", "cases swapped: switch off Caps Lock and case conversion"),
        "layout": ("Keyboard layout", "letters swapped: set the scanner to this layout"),
        "signs": ("Signs", "other signs: wrong keyboard layout, or an input method is on"),
        "retail": ("Product code EAN-13", "a digit is missing: send first and check digit"),
        "long": ("Long code", "cut short: allow longer codes"),
        "chinese": ("Chinese in a QR", "garbled: send Unicode/UTF-8"),
    },
    no_room="too long a code for this paper",
    goods_total="Units: {units}",
)
