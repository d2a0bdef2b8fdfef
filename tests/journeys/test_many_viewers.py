"""Eight viewers at once get every page, and the service stays small."""

import pytest

from tests.journeys.many_viewers import look

SERVICE_MB_MOST = 300


@pytest.mark.slow
def test_eight_at_once_get_every_page_and_memory_stays_bounded(data):
    cost = look(data, views=96)
    assert cost.other_answers == 0
    assert cost.service_mb < SERVICE_MB_MOST
