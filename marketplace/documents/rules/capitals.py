"""Amounts in Chinese capitals (人民币大写), as contracts and bills write them beside the figures.

支付结算办法, 附一 正确填写票据和结算凭证的基本规定: 整 follows 元 or 角 and never 分; zeros that stand together are
one 零; where the last digit of 元 is zero and 角 is not, 零 may stand before 角, and stands there here.
"""

from decimal import Decimal

from marketplace.core.money import exact, to_fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")
END = Decimal(10) ** 12  # 仟亿 is the last place; beyond it usage differs (万亿, 兆)


def in_capitals(amount: Decimal | int | str) -> str:
    """ "人民币壹拾万零伍佰元整" for 100500.00.

    Raises TypeError for a float; ValueError for more than two places, or from 10,000 亿 on.
    """
    number = exact(amount)
    if abs(number) >= END:
        raise ValueError(f"{amount!r} is too large to be written in capitals.")
    if to_fen(number) != number:
        raise ValueError(f"{amount!r} has fractions of a fen.")
    fen = int(abs(number) * 100)
    sign = "负" if number < 0 else ""
    return f"人民币{sign}{yuan(fen // 100)}{cents(fen)}"


def yuan(units: int) -> str:
    """The whole yuan with 元; nothing for none."""
    if units == 0:
        return ""
    said, is_gapped = "", False
    for place in (2, 1, 0):
        group = units // 10 ** (4 * place) % 10_000
        is_gapped = is_gapped or group < 1000
        if group:
            said += ("零" if said and is_gapped else "") + four_digits(group) + GROUPS[place]
            is_gapped = False
    return said + "元"


def four_digits(number: int) -> str:
    """1 to 9999; zeros inside are one 零, those at the end none."""
    said, is_gapped = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if said and is_gapped else "") + DIGITS[digit] + PLACES[place]
        is_gapped = digit == 0
    return said


def cents(fen: int) -> str:
    """角 and 分, or 整."""
    units, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    if not jiao and not rest:
        return "整" if units else "零元整"
    gap = "零" if units and (not jiao or units % 10 == 0) else ""
    said = f"{DIGITS[jiao]}角" if jiao else ""
    return gap + said + (f"{DIGITS[rest]}分" if rest else "整")
