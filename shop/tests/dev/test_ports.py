import socket

from shop.dev import ports


def test_a_service_keeps_its_port(tmp_path):
    first = ports.remembered(tmp_path / "ports.json", name="stripe")
    assert ports.remembered(tmp_path / "ports.json", name="stripe") == first


def test_a_service_moves_when_its_port_is_taken(tmp_path):
    first = ports.remembered(tmp_path / "ports.json", name="stripe")
    with socket.socket() as other:
        other.bind((ports.HOST, first))
        other.listen()
        assert not ports.is_free(first)
        second = ports.remembered(tmp_path / "ports.json", name="stripe")
    assert second != first
    assert ports.remembered(tmp_path / "ports.json", name="stripe") == second


def test_two_services_never_share_a_port(tmp_path):
    names = ["postgres", "valkey", "stripe", "carrier"]
    assert len({ports.remembered(tmp_path / "ports.json", name=name) for name in names}) == len(names)


def test_a_torn_memory_is_replaced(tmp_path):
    (tmp_path / "ports.json").write_text('{"stripe": 1')
    assert ports.is_free(ports.remembered(tmp_path / "ports.json", name="stripe"))


def test_a_port_outside_the_range_is_never_free():
    assert not ports.is_free(70_000)
