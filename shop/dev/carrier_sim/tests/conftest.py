"""One running simulator for all tests, empty at the start of each."""

from collections.abc import Iterator

import pytest

from shop.dev.carrier_sim.running import RunningSim
from shop.dev.carrier_sim.tests.shopkeeper import Shopkeeper


@pytest.fixture(scope="session")
def running_sim() -> Iterator[RunningSim]:
    with RunningSim() as sim:
        yield sim


@pytest.fixture
def sim(running_sim: RunningSim) -> RunningSim:
    running_sim.reset()
    return running_sim


@pytest.fixture
def shopkeeper(sim: RunningSim) -> Shopkeeper:
    return Shopkeeper(sim.url)
