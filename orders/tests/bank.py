"""Statements as banks write them: CAMT.053 in the version of 2019, and the table of a German savings bank."""

from checkout.creditor_reference import reference_of

OURS = "AT611904300234573201"
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>camt53-20261120</MsgId><CreDtTm>2026-11-20T21:05:11+01:00</CreDtTm></GrpHdr>
  <Stmt><Id>2026-224</Id><ElctrncSeqNb>224</ElctrncSeqNb>
   <Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>
   <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1204.10</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
{entries}
  </Stmt>
 </BkToCstmrStmt>
</Document>"""
_ENTRY = """   <Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{undone}<Sts><Cd>{status}</Cd></Sts>
    <BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt>{ref}
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
    <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
     <RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct></RltdPties>
     <RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def entry(
    amount, text, *, payer="LOVELACE ADA", ref="", currency="EUR", way="CRDT", status="BOOK", undone=False
):
    return _ENTRY.format(
        amount=amount,
        text=text,
        payer=payer,
        currency=currency,
        way=way,
        status=status,
        undone="<RvslInd>true</RvslInd>" if undone else "",
        ref=f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else "",
    )


def camt(*entries, account=OURS):
    return _DOCUMENT.format(account=account, entries="\n".join(entries)).encode()


def table(*rows):
    """Auftragskonto; day; day; text; payer; amount with a comma; currency; as Windows writes it."""
    names = "Auftragskonto Buchungstag Valutadatum Verwendungszweck Beguenstigter/Zahlungspflichtiger Betrag Währung"
    head = ";".join(f'"{name}"' for name in names.split())
    lines = [
        f'"{OURS}";"20.11.26";"20.11.26";"{text}";"{payer}";"{amount}";"EUR"' for amount, text, payer in rows
    ]
    return "\r\n".join([head, *lines, ""]).encode("cp1252")


def exact(order, **over):
    """The customer did everything right."""
    return entry(order.total.to_decimal(), f"Bestellung {reference_of(order.number)}", **over)
