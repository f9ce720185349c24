"""CAMT.053: the bank-to-customer statement of ISO 20022, in any of its versions.

The file comes from outside: no document type, no entities, nothing is fetched and nothing grows. One entry may stand for
several payments (a batch); each of its transactions is then a credit of its own, if the bank gives their amounts.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from orders.statements.reading import Credit, Statement, StatementRefused
from shop.core.currency import exponent

Node = etree._Element


def read(content: bytes) -> Statement:
    root = _root(content)
    if etree.QName(root).localname != "Document" or not _all(root, "BkToCstmrStmt"):
        raise StatementRefused(_("This is XML, but not a CAMT.053 statement."))
    credits: list[Credit] = []
    left_out = 0
    for statement in _all(root, "BkToCstmrStmt/Stmt"):
        account = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
        for entry in _all(statement, "Ntry"):
            found = list(_credits(entry, account)) if _counts(entry) else []
            credits += found
            left_out += not found
    return Statement(tuple(credits), left_out)


def _root(content: bytes) -> Node:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StatementRefused(_("This XML cannot be read: %(why)s") % {"why": error}) from error
    if b"<!DOCTYPE" in content[: content.find(b"<Document")].upper():
        raise StatementRefused(_("A statement has no document type of its own."))
    return root


def _counts(entry: Node) -> bool:
    """Money in, booked, and not the undoing of an earlier booking."""
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    is_undone = _text(entry, "RvslInd") == "true"
    return _text(entry, "CdtDbtInd") == "CRDT" and status in ("", "BOOK") and not is_undone


def _credits(entry: Node, account: str) -> Iterator[Credit]:
    booked_on = _day(entry)
    entry_ref = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    parts = _all(entry, "NtryDtls/TxDtls")
    single = len(parts) < 2
    for number, part in enumerate(parts or [entry], 1):
        amount = _amount(entry) if single else _amount(part)
        if amount is None:
            raise StatementRefused(
                _("A batch of %(date)s does not say the amounts of its payments: ask the bank for details.")
                % {"date": booked_on}
            )
        own_ref = _text(part, "Refs/AcctSvcrRef") if not single else ""
        yield Credit(
            booked_on=booked_on,
            amount_minor=amount[0],
            currency=amount[1],
            text=_remittance(part, entry),
            payer=_payer(part)[:140],
            account=account,
            bank_ref=entry_ref if single else own_ref or (f"{entry_ref}/{number}" if entry_ref else ""),
        )


def _remittance(part: Node, entry: Node) -> str:
    """Lines are cut by banks without regard to words, so they are put together as they stand."""
    structured = [_plain(node) for node in _all(part, "RmtInf/Strd/CdtrRefInf/Ref")]
    written = "".join(_plain(node) for node in _all(part, "RmtInf/Ustrd"))
    end_to_end = _text(part, "Refs/EndToEndId")
    told = [*structured, written, "" if end_to_end == "NOTPROVIDED" else end_to_end]
    return " ".join(one for one in told if one) or _text(entry, "AddtlNtryInf")


def _payer(part: Node) -> str:
    return (
        _text(part, "RltdPties/Dbtr/Pty/Nm")
        or _text(part, "RltdPties/Dbtr/Nm")
        or _text(part, "RltdPties/UltmtDbtr/Nm")
    )


def _amount(node: Node) -> tuple[int, str] | None:
    found = _all(node, "Amt") or _all(node, "AmtDtls/TxAmt/Amt")
    if not found:
        return None
    currency = (found[0].get("Ccy") or "").upper()
    try:
        minor = Decimal(_plain(found[0])).scaleb(exponent(currency))
    except InvalidOperation as error:
        raise StatementRefused(
            _("An amount in it is no number: %(text)s") % {"text": found[0].text}
        ) from error
    if minor <= 0 or minor != int(minor) or len(currency) != 3:
        raise StatementRefused(_("An amount in it is none: %(text)s") % {"text": found[0].text})
    return int(minor), currency


def _day(entry: Node) -> date:
    written = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt")
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise StatementRefused(
            _("A booking has no date that can be read: %(text)s") % {"text": written}
        ) from error


def _all(node: Node, way: str) -> list[Node]:
    """By local names: every version of the standard has a namespace of its own."""
    found = [node]
    for name in way.split("/"):
        found = [
            child
            for one in found
            for child in one
            if isinstance(child.tag, str) and etree.QName(child).localname == name
        ]
    return found


def _text(node: Node, way: str) -> str:
    found = _all(node, way)
    return _plain(found[0]) if found else ""


def _plain(node: Node) -> str:
    return (node.text or "").strip(" \t\r\n")
