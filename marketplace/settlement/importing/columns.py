"""How banks call their columns. Width, blanks, brackets and what stands in them do not count."""

import re
import unicodedata
from functools import cache

DAY, CREDIT, DEBIT, AMOUNT, DIRECTION, PAYER, PURPOSE, REFERENCE = [
    *("day", "credit", "debit", "amount", "direction"),
    *("payer", "purpose", "reference"),
]
NAMES = {
    DAY: "交易日期 交易时间 交易日 记账日期 记账时间 入账日期 入账时间 发生日期 日期 Date TransactionDate",
    CREDIT: "贷方发生额 贷方金额 贷方交易金额 贷方 收入金额 收入 存入金额 存入 转入金额 来账金额 收款金额 "
    "Credit CreditAmount",
    DEBIT: "借方发生额 借方金额 借方交易金额 借方 支出金额 支出 转出金额 付款金额 Debit DebitAmount",
    AMOUNT: "交易金额 发生额 发生金额 金额 Amount",
    DIRECTION: "借贷标志 借贷方向 借贷 收支方向 收支标志 收支 交易方向 Direction",
    PAYER: "对方户名 对方账户名称 对方账号名称 对方单位名称 对方名称 对方单位 付款人名称 付款方名称 付款人 付款方户名 "
    "交易对手名称 交易对方 对手户名 Payer Counterparty",
    PURPOSE: "摘要 用途 附言 备注 交易摘要 交易附言 交易用途 备注信息 客户附言 Purpose Description Remark",
    REFERENCE: "交易流水号 流水号 银行流水号 核心流水号 交易序号 业务编号 业务流水号 参考号 交易参考号 日志号 交易编号 "
    "TransactionID Reference",
}
TITLES = {
    DAY: "交易日期",
    CREDIT: "贷方发生额",
    AMOUNT: "交易金额",
    PAYER: "对方户名",
    PURPOSE: "摘要",
    REFERENCE: "交易流水号",
    DIRECTION: "借贷标志",
    DEBIT: "借方发生额",
}
IN, OUT = (
    frozenset(["贷", "收", "收入", "来账", "转入", "贷方", "C", "CR", "CREDIT"]),
    frozenset(["借", "支", "支出", "往账", "转出", "借方", "D", "DR", "DEBIT"]),
)


def key(header: str) -> str:
    plain = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"\(.*?\)|\[.*?\]|[\W_]+", "", plain)


@cache
def by_header() -> dict[str, str]:
    return {key(name): column for column, names in NAMES.items() for name in names.split()}


def recognised(header: str) -> str | None:
    """The column that a header names."""
    return by_header().get(key(header))
