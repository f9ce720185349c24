"""Bank statements: what is sure is booked once, whatever is uploaded how often; everything else waits for a person."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from catalog import stock
from checkout.creditor_reference import reference_of
from orders import transferring
from orders.expiring import expire_unpaid
from orders.models import BankStatement, JournalEntry, Order, Refund, Transfer
from orders.statements import StatementRefused, read
from orders.statements.importing import take_in
from orders.tests.bank import camt, entry, exact, table
from shop.core import integrity
from shop.core.models import Message
from shop.tests.people import grace
from shop.tests.walk import fresh, make_order, mug, place

pytestmark = pytest.mark.django_db
TRANSFER = "bank_transfer"


@pytest.fixture(autouse=True)
def account(settings):
    settings.SHOP_BANK_IBAN = "AT611904300234573201"
    settings.SHOP_BANK_HOLDER, settings.SHOP_BANK_BIC = "Isoline GmbH", "BKAUATWW"


@pytest.fixture(autouse=True)
def books():
    yield
    assert {code: words for code, words in integrity.run(["N0", "N10"]).items() if words} == {}


def waiting(lines=None, **over):
    return place(lines or {mug(): 1}, gateway=TRANSFER, **over)


def upload(content, name="statement.xml"):
    return take_in(content, name=name, by=grace())


def captured(order):
    return list(order.journal.filter(kind=JournalEntry.Kind.CAPTURED).values_list("paid_minor", flat=True))


def test_an_exact_transfer_pays_the_order():
    order = fresh(waiting())
    outcome = upload(camt(exact(order), entry("990.00", "Miete November", payer="MIETER GMBH")))
    order = fresh(order)
    assert (order.status, order.payment_status) == ("confirmed", "paid")
    assert [len(one) for one in (outcome.booked, outcome.proposed, outcome.unmatched)] == [1, 0, 1]
    assert order.attempts.get().means == "Bank transfer"
    assert {mail.name for mail in Message.objects.filter(to=order.email)} == {"transfer_details", "receipt"}


def test_the_mail_says_what_to_type():
    order = fresh(waiting())
    text = Message.objects.get(name="transfer_details").text
    assert reference_of(order.number) in text and "AT61 1904 3002 3457 3201" in text
    assert "Isoline GmbH" in text and order.token not in text


def test_the_same_file_and_another_that_shows_the_same_change_nothing():
    order, other = waiting(), waiting()
    day, month = camt(exact(order)), camt(exact(order), exact(other))
    upload(day)
    before = JournalEntry.objects.count()
    again = upload(day)
    assert (again.known, again.booked, JournalEntry.objects.count()) == (1, [], before)
    outcome = upload(month)
    assert (outcome.known, len(outcome.booked)) == (1, 1)
    assert captured(order) == [order.total_minor] and captured(other) == [other.total_minor]
    assert BankStatement.objects.count() == 2 and Transfer.objects.count() == 2


def test_two_equal_transfers_on_one_day_are_two():
    """Without a name of the bank's own only their number tells them apart; the second is too much and goes back."""
    order = waiting()
    outcome = upload(camt(exact(order), exact(order)))
    assert (len(outcome.booked), len(outcome.proposed)) == (1, 1)
    assert upload(camt(exact(order), exact(order), exact(order))).known == 2


@pytest.mark.parametrize(
    ("amount", "text", "payer", "why"),
    [
        ("{total}", "bestellung {number} ohne rf", "X", "wrong sign or without"),
        ("{total}", "RF99{plain}", "X", "wrong sign or without"),
        ("{total}", "RF99{slip}", "X", "wrong sign or without"),
        ("{total}", "danke!", "LOVELACE, Ada", "the payer's name"),
        ("1.00", "{reference}", "X", "are due"),
    ],
)
def test_what_is_likely_is_proposed_and_not_booked(amount, text, payer, why):
    from shop.core.remarks import in_words

    order = waiting()
    plain = order.number.replace("-", "")
    words = {
        "total": order.total.to_decimal(), "number": order.number, "plain": plain,
        "reference": reference_of(order.number), "slip": plain[:3] + ("A" if plain[3] != "A" else "C") + plain[4:],
    }  # fmt: skip
    (transfer,) = upload(camt(entry(amount.format(**words), text.format(**words), payer=payer))).proposed
    assert transfer.order == order and why in in_words(transfer.why)
    assert fresh(order).payment_status == "unpaid" and captured(order) == []
    transferring.book(transfer, order=order, by=grace())
    transferring.book(transfer, order=order, by=grace())
    assert len(captured(order)) == 1


def test_equal_sums_are_nobodys():
    waiting(), waiting()
    outcome = upload(camt(entry(Order.objects.first().total.to_decimal(), "danke")))
    assert len(outcome.unmatched) == 1


def test_too_little_waits_for_the_rest_and_tells_the_buyer():
    order = waiting()
    (transfer,) = upload(camt(entry("10.00", reference_of(order.number), ref="A1"))).proposed
    transferring.book(transfer, order=order, by=grace())
    order = fresh(order)
    assert (order.status, order.payment_status, order.due_minor) == (
        "placed",
        "unpaid",
        order.total_minor - 1000,
    )
    assert "€10.00" in Message.objects.get(name="payment_short").text
    rest = f"{order.due_minor / 100:.2f}"
    assert len(upload(camt(entry(rest, reference_of(order.number), ref="A2"))).booked) == 1
    assert fresh(order).payment_status == "paid"
    assert captured(order) == [1000, order.total_minor - 1000]


def test_a_part_goes_back_when_the_rest_never_comes():
    variant = mug(stock=1)
    order = waiting({variant: 1})
    (transfer,) = upload(camt(entry("10.00", reference_of(order.number)))).proposed
    transferring.book(transfer, order=order, by=grace())
    Order.objects.filter(pk=order.pk).update(pay_before=Now() - timedelta(minutes=1))
    assert expire_unpaid() == [order]
    refund = Refund.objects.get()
    assert (refund.amount_minor, fresh(order).due_minor) == (1000, -1000)
    assert stock.available([variant.pk])[variant.pk] == 1


def test_too_much_goes_back():
    order = waiting()
    (transfer,) = upload(camt(entry("500.00", reference_of(order.number)))).proposed
    transferring.book(transfer, order=order, by=grace())
    order = fresh(order)
    assert (order.status, order.payment_status) == ("confirmed", "paid")
    assert Refund.objects.get().amount_minor == 50_000 - order.total_minor


def test_late_money_revives_what_can_still_be_had_and_else_goes_back():
    variant = mug(stock=1)
    order = waiting({variant: 1})
    Order.objects.filter(pk=order.pk).update(pay_before=Now() - timedelta(minutes=1))
    expire_unpaid()
    (transfer,) = upload(camt(exact(order))).proposed
    taker = place({variant: 1}, gateway="cash_on_delivery")
    transferring.book(transfer, order=order, by=grace())
    assert fresh(order).status == "cancelled" and Refund.objects.get().amount_minor == order.total_minor
    assert fresh(taker).status == "confirmed"


def test_a_second_payment_of_a_paid_order_goes_back(stripe):
    order = make_order(at="paid")
    (transfer,) = upload(camt(exact(order))).proposed
    transferring.book(transfer, order=order, by=grace())
    order = fresh(order)
    assert order.payment_status == "paid" and Refund.objects.get().amount_minor == order.total_minor


def test_another_currency_is_nobodys():
    order = waiting()
    outcome = upload(camt(exact(order, currency="CHF")))
    assert len(outcome.unmatched) == 1
    with pytest.raises(transferring.WrongCurrency):
        transferring.book(outcome.unmatched[0], order=order, by=grace())


def test_only_money_that_came_in_and_is_booked_counts():
    found = read(
        camt(
            entry("1.00", "a", way="DBIT"),
            entry("2.00", "b", status="PDNG"),
            entry("3.00", "c", undone=True),
            entry("4.00", "d"),
        )
    )
    assert [credit.amount_minor for credit in found.credits] == [400] and found.left_out == 3


def test_a_batch_is_as_many_credits_as_it_has_payments():
    one, two = waiting(), waiting()
    parts = "".join(
        f"<TxDtls><Refs><AcctSvcrRef>P{n}</AcctSvcrRef></Refs><Amt Ccy='EUR'>{order.total.to_decimal()}</Amt>"
        f"<RmtInf><Strd><CdtrRefInf><Ref>{reference_of(order.number).replace(' ', '')}</Ref></CdtrRefInf></Strd>"
        "</RmtInf></TxDtls>"
        for n, order in enumerate((one, two))
    )
    batch = entry(one.total.to_decimal() * 2, "", ref="B1")
    start, end = batch.index("<TxDtls>"), batch.index("</NtryDtls>")
    assert len(upload(camt(batch[:start] + parts + batch[end:])).booked) == 2


def test_a_table_does_as_well():
    order = waiting()
    sum = f"{order.total.to_decimal()}".replace(".", ",")
    content = table(
        (sum, f"SVWZ+{reference_of(order.number)} EREF+NOTPROVIDED", "Ada Lövelace"),
        ("-1.204,10", "Miete", "X"),
    )
    outcome = upload(content, "umsaetze.csv")
    assert (len(outcome.booked), outcome.left_out) == (1, 1)
    assert outcome.booked[0].payer == "Ada Lövelace" and outcome.booked[0].booked_date == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("1.234,56", 123_456),
        ("1,234.56", 123_456),
        ("1234.5", 123_450),
        ("1.234", 123_400),
        ("0,01", 1),
        ("+7 €", 700),
    ],
)
def test_sums_are_read_as_people_write_them(written, minor):
    (credit,) = read(table((written, "x", "y"))).credits
    assert credit.amount_minor == minor


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"<a/>", "not a CAMT.053"),
        (b"<Document><unclosed>", "cannot be read"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>', "document type"),
        (
            b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><Document>&b;</Document>',
            "document type",
        ),
        (b"\x00\x01\x02,", "not a text file"),
        (b"name;colour\nmug;red\n", "No column names"),
        (camt(entry("zwölf", "x")), "no number"),
        (camt(entry("-1.00", "x")), "is none"),
        (camt(entry("1.005", "x")), "is none"),
        (table(("12,3x", "x", "y")), "no amount"),
        (table(("1,00", "x", "y")).replace(b"20.11.26", b"31.31.31"), "no day"),
        (camt(entry("1.00", "x")).replace(b"2026-11-20", b"yesterday"), "no date"),
    ],
)
def test_what_cannot_be_read_is_refused_whole(content, why):
    with pytest.raises(StatementRefused, match=why):
        upload(content)
    assert not BankStatement.objects.exists()


def test_staff_upload_look_and_book(client):
    client.force_login(grace())
    order, other = waiting(), waiting()
    file = SimpleUploadedFile("november.xml", camt(exact(order), entry("5.00", reference_of(other.number))))
    page = client.post("/admin/orders/bankstatement/add/", {"file": file}, follow=True).content.decode()
    assert "1 booked, 1 proposed" in page and other.number in page
    transfer = Transfer.objects.get(status="proposed")
    door = f"/admin/orders/transfer/{transfer.pk}"
    assert "are due" in client.get(f"{door}/change/").content.decode()
    assert "no order" in client.post(f"{door}/book/", {"number": "XXXX-XXXX"}, follow=True).content.decode()
    client.post(f"{door}/book/", {"number": other.number.lower()})
    assert fresh(other).paid_minor == 500
    bad = SimpleUploadedFile("x.xml", b"<a/>")
    assert "not a CAMT.053" in client.post("/admin/orders/bankstatement/add/", {"file": bad}).content.decode()


def test_the_command_says_what_it_does_and_can_only_look(tmp_path):
    order = waiting()
    (tmp_path / "a.xml").write_bytes(camt(exact(order)))
    out = StringIO()
    call_command("import_bank_statement", str(tmp_path / "a.xml"), "--dry-run", stdout=out)
    assert "1 booked" in out.getvalue() and not Transfer.objects.exists()
    call_command("import_bank_statement", str(tmp_path / "a.xml"), stdout=out)
    assert order.number in out.getvalue() and fresh(order).payment_status == "paid"
    (tmp_path / "b.xml").write_bytes(b"<a/>")
    with pytest.raises(CommandError, match=r"b\.xml"):
        call_command("import_bank_statement", str(tmp_path / "b.xml"), stderr=StringIO())


def test_the_order_page_shows_what_to_type(client):
    order = waiting()
    client.get(f"/o/{order.token}/")
    page = client.get(f"/orders/{order.number}/?thanks").content.decode()
    assert reference_of(order.number) in page and "Thank you" in page
