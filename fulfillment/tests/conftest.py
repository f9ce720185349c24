import pytest

from shop.tests.people import grace


@pytest.fixture
def seller(client):
    """A browser of somebody who may do everything in the admin."""
    client.force_login(grace())
    return client
