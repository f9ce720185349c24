"""Lists, cursors, search and expand."""

import pytest
import stripe


@pytest.fixture
def twelve(api):
    return [
        api.payment_intents.create(
            {"amount": 1000 + n, "currency": "eur", "metadata": {"attempt": f"a{n}"}}
        ).id
        for n in range(12)
    ]


def test_lists_are_newest_first_in_pages(api, twelve):
    first = api.payment_intents.list()
    assert [intent.id for intent in first.data] == twelve[::-1][:10] and first.has_more
    second = api.payment_intents.list({"starting_after": first.data[-1].id})
    assert [intent.id for intent in second.data] == twelve[::-1][10:] and not second.has_more
    back = api.payment_intents.list({"ending_before": second.data[0].id, "limit": 3})
    assert [intent.id for intent in back.data] == twelve[::-1][7:10] and back.has_more
    assert [intent.id for intent in api.payment_intents.list({"limit": 5}).auto_paging_iter()] == twelve[::-1]


@pytest.mark.parametrize(
    "params, param",
    [({"limit": 0}, "limit"), ({"limit": 101}, "limit"), ({"starting_after": "pi_none"}, "starting_after")],
)
def test_wrong_pages_are_refused(api, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_intents.list(params)
    assert refused.value.param == param


def test_lists_by_moment(sim, api, twelve):
    moment = api.payment_intents.retrieve(twelve[0]).created
    sim.control("clock", advance=3600)
    late = api.payment_intents.create({"amount": 900, "currency": "eur"}).id
    assert [one.id for one in api.payment_intents.list({"created": {"gte": moment + 1800}}).data] == [late]
    assert len(api.payment_intents.list({"created": {"lt": moment + 1800}, "limit": 100}).data) == 12


def test_search_by_metadata_status_and_amount(sim, api, twelve, pay):
    paid = pay(amount=7777)
    found = lambda query: [one.id for one in api.payment_intents.search({"query": query}).data]  # noqa: E731
    assert found('metadata["attempt"]:"a3"') == [twelve[3]]
    assert found("status:'succeeded' AND amount>7000") == [paid.id]
    assert found('metadata["attempt"]:"a1" OR metadata["attempt"]:"a2"') == [twelve[2], twelve[1]]
    assert found('-metadata["attempt"]:null status:"requires_payment_method" amount<=1000') == [twelve[0]]
    assert found('metadata["attempt"]:"none"') == []
    for wrong in ("status=1", 'shoe:"size"', 'status:"a" AND status:"b" OR status:"c"'):
        with pytest.raises(stripe.InvalidRequestError):
            found(wrong)
    sim.control("settings", search_lag_seconds=60)
    assert found('metadata["attempt"]:"a3"') == []


def test_search_in_pages(api, twelve):
    pages = api.payment_intents.search({"query": 'currency:"eur"', "limit": 5})
    assert len(pages.data) == 5 and pages.has_more
    assert len(list(pages.auto_paging_iter())) == 12


def test_expand_along_paths(api, pay):
    intent = pay(capture_method="automatic", expand=["latest_charge.balance_transaction", "payment_method"])
    assert intent.latest_charge.balance_transaction.type == "charge"
    assert intent.payment_method.card.brand == "visa"
    (listed,) = api.payment_intents.list({"expand": ["data.latest_charge"]}).data
    assert listed.latest_charge.id == intent.latest_charge.id
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        api.payment_intents.retrieve(intent.id, {"expand": ["amount_of_cheese"]})


def test_events_by_kind_in_groups_and_singly(api, pay):
    pay()
    assert {event.type for event in api.events.list({"type": "charge.*"}).data} == {"charge.succeeded"}
    wanted = ["payment_intent.created", "payment_intent.succeeded"]
    assert [event.type for event in api.events.list({"types": wanted}).data] == wanted[::-1]
    event = api.events.list().data[0]
    assert api.events.retrieve(event.id).type == event.type


def test_events_are_kept_for_thirty_days(sim, api, pay):
    pay()
    event = api.events.list().data[0]
    sim.control("clock", advance=31 * 86_400)
    with pytest.raises(stripe.InvalidRequestError):
        api.events.retrieve(event.id)
