"""The words on paper in every shipped language; the caller chooses the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packstation.errors import ComposeError
from packstation.printing.slip_words import SLIPS_EN, SLIPS_ZH, SlipWords


@dataclass(frozen=True, slots=True)
class PaperWords:
    """Every word that stands on labels, lists and receipts in one language.

    Names in braces are placeholders and the same in all languages.
    """

    language: str
    """``zh`` or ``en``."""
    recipient_mark: str
    """White on black before the recipient."""
    sender_mark: str
    """White on black before the sender."""
    order: str
    """Before an order number."""
    shop: str
    """Before the shop's name."""
    goods: str
    """Above the goods on a label."""
    signed_by: str
    """Where the receiver of a parcel signs."""
    reprint: str
    """Mark of copy 2 and later, in both languages whatever the shop's own is."""
    reprint_reasons: Mapping[str, str]
    """Why a label was printed again, by the word of its print job; a few characters each."""
    units: str
    """Count of units."""
    version: str
    """Which state of the order the label was made for."""
    bag: str
    """Title of a bag label."""
    parcels: str
    """Unit of a parcel count."""
    sealed_at: str
    """Before the time a bag was sealed."""
    operator: str
    """Before the operator."""
    station: str
    """Before the station."""
    pick_list: str
    """Title of the pick list."""
    pick_all: str
    """First section: everything by bin."""
    pick_orders: str
    """Second section: order by order."""
    bin: str
    """Column: storage place."""
    no_bin: str
    """Stands where a line has no storage place."""
    sku: str
    """Column: SKU."""
    title: str
    """Column: product name and variation."""
    quantity: str
    """Column: units."""
    barcode: str
    """Column: product code."""
    done: str
    """Column: box to tick."""
    page: str
    """Page number."""
    list_counts: str
    """Sum in the heading of the pick list."""
    printed_at: str
    """Before the time of printing."""
    gift: str
    """Mark of a free gift."""
    receipt: str
    """Title of the handover receipt."""
    manifest: str
    """Before the manifest number."""
    carrier: str
    """Before the carrier."""
    courier: str
    """Before the courier's name."""
    sender: str
    """Before the shop that hands over."""
    opened_at: str
    """Before the time the handover was opened."""
    closed_at: str
    """Before the time the handover was closed."""
    totals: str
    """Sum of bags and inner parcels."""
    bag_column: str
    """Column: bag code."""
    parcels_column: str
    """Column: parcels in the bag."""
    total: str
    """Last row of the table of bags."""
    digest: str
    """Above the QR of the manifest's digest."""
    journal: str
    """Before the head of the journal chain."""
    signature_sender: str
    """Signature line of the shop."""
    signature_courier: str
    """Signature line of the courier."""
    counted: str
    """What both sides declare by signing."""
    short: str
    """Column: how many are missing, written by hand."""
    cart: str
    """Title of a picker's cart."""
    tote: str
    """A place on the cart, and the tote that stands there."""
    part: str
    """Which of an order's parcels."""
    bag_place: str
    """Before the place that the carrier's bag goes to."""
    inspected: str
    """The sender looked into the parcel, as postal law asks."""
    carrier_stub: str
    """Title of the part of a label that the carrier tears off."""
    sender_stub: str
    """Title of the part of a label that stays with the sender."""
    drop_off: str
    """Before the place of a handover."""
    slips: SlipWords
    """Of everything that is not a waybill."""


_ZH = PaperWords(
    language="zh",
    recipient_mark="收",
    sender_mark="寄",
    order="订单号",
    shop="店铺",
    goods="商品明细",
    signed_by="签收人 / 时间",
    reprint="补打 {copy} REPRINT",
    reprint_reasons={
        "damaged": "破损",
        "unreadable": "扫不出",
        "jam": "卡纸",
        "lost": "遗失",
        "wrong_paper": "纸不对",
        "other": "其他原因",
        "operator_asked": "台上补打",
        "operator_found_no_label": "未见面单",
        "nothing_came_out": "未出纸",
        "verified_again": "重新复核",
    },
    units="共 {units} 件",
    version="订单版本 {version}",
    bag="集包袋",
    parcels="件包裹",
    sealed_at="封袋时间",
    operator="操作员",
    station="打包台",
    pick_list="拣货单",
    pick_all="汇总拣货(按货位)",
    pick_orders="按订单分货",
    bin="货位",
    no_bin="无货位",
    sku="商品编码",
    title="商品名称 / 规格",
    quantity="数量",
    barcode="商品条码",
    done="拣",
    page="第 {page} 页,共 {pages} 页",
    list_counts="订单 {orders} 个  |  商品 {skus} 种  |  共 {units} 件",
    printed_at="打印时间",
    gift="赠品",
    receipt="快递交接单",
    manifest="交接清单号",
    carrier="快递公司",
    courier="快递员",
    sender="交件方",
    opened_at="开始",
    closed_at="完成",
    totals="{bags} 袋,{parcels} 件包裹",
    bag_column="集包袋号",
    parcels_column="件数",
    total="合计",
    digest="清单摘要(扫码核对)",
    journal="流水链头",
    signature_sender="交件人签字",
    signature_courier="快递员签字",
    counted="双方已当面清点以上袋数与件数。",
    short="缺货数",
    cart="拣货车 {cart}",
    tote="格 {place}",
    part="第 {part}/{parts} 件",
    bag_place="集包地",
    inspected="已验视",
    carrier_stub="快递公司存根",
    sender_stub="寄件人存根",
    drop_off="交接地点",
    slips=SLIPS_ZH,
)

_EN = PaperWords(
    language="en",
    recipient_mark="TO",
    sender_mark="FROM",
    order="Order",
    shop="Shop",
    goods="Goods",
    signed_by="Received by / time",
    reprint="补打 {copy} REPRINT",
    reprint_reasons={
        "damaged": "damaged",
        "unreadable": "unreadable",
        "jam": "paper jam",
        "lost": "lost",
        "wrong_paper": "wrong paper",
        "other": "other reason",
        "operator_asked": "asked for",
        "operator_found_no_label": "none found",
        "nothing_came_out": "none came out",
        "verified_again": "packed anew",
    },
    units="Units: {units}",
    version="order version {version}",
    bag="Bag",
    parcels="parcel(s)",
    sealed_at="Sealed",
    operator="Operator",
    station="Station",
    pick_list="Pick list",
    pick_all="All goods by bin",
    pick_orders="Order by order",
    bin="Bin",
    no_bin="no bin",
    sku="SKU",
    title="Title / variation",
    quantity="Qty",
    barcode="Product code",
    done="OK",
    page="Page {page} of {pages}",
    list_counts="Orders: {orders}  |  SKUs: {skus}  |  Units: {units}",
    printed_at="Printed",
    gift="gift",
    receipt="Handover receipt",
    manifest="Manifest",
    carrier="Carrier",
    courier="Courier",
    sender="Shop",
    opened_at="Opened",
    closed_at="Closed",
    totals="Bags: {bags}, parcels: {parcels}",
    bag_column="Bag",
    parcels_column="Parcels",
    total="Total",
    digest="Digest of the manifest (scan to check)",
    journal="Journal head",
    signature_sender="Handed over by",
    signature_courier="Taken over by (courier)",
    counted="Bags and parcels were counted by both sides.",
    short="Short",
    cart="Cart {cart}",
    tote="Tote {place}",
    part="Parcel {part} of {parts}",
    bag_place="Bag to",
    inspected="Contents checked",
    carrier_stub="Carrier's part",
    sender_stub="Sender's part",
    drop_off="Place",
    slips=SLIPS_EN,
)

_TABLES = {words.language: words for words in (_ZH, _EN)}
LANGUAGES = tuple(_TABLES)
"""Languages that paper speaks."""


def words_for(language: str) -> PaperWords:
    """Return the words of a language such as ``zh``, ``zh_CN`` or ``en``.

    >>> words_for("zh_CN").bag
    '集包袋'

    Raises:
        ComposeError: Paper does not speak the language.
    """
    words = _TABLES.get(language.replace("-", "_").split("_")[0].lower())
    if words is None:
        raise ComposeError(
            "print.unknown_language",
            f"Labels and receipts cannot be printed in the language {language!r}.",
            fix="Choose one of " + ", ".join(LANGUAGES) + ".",
            language=language,
        )
    return words
