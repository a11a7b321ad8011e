"""Pages of any size cover every row exactly once."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Server, reply
from secret import KEY

from cartesia_nb import Client


def paged(total, *, largest, styles):
    """Answer as a server that has `total` rows and sends at most `largest` at once."""
    ids = [f"id-{number}" for number in range(total)]

    def answer(asked):
        query = parse_qs(urlsplit(asked.path).query)
        cursor = query.get("starting_after", [None])[0]
        start = ids.index(cursor) + 1 if cursor else 0
        page = ids[start : start + min(int(query["limit"][0]), largest)]
        more = start + len(page) < total
        body = {"data": [{"id": found} for found in page]}
        if "has_more" in styles:
            body["has_more"] = more
        if "next_page" in styles:
            body["next_page"] = page[-1] if more else None
        return reply(body)

    return ids, answer


@settings(deadline=None, max_examples=40)
@given(
    total=st.integers(0, 60),
    page_size=st.integers(1, 100),
    largest=st.integers(1, 100),
    limit=st.none() | st.integers(0, 70),
    styles=st.sampled_from([("has_more",), ("next_page",), ("has_more", "next_page")]),
)
def test_every_row_once(total, page_size, largest, limit, styles):
    ids, answer = paged(total, largest=largest, styles=styles)
    with Server(answer=answer) as server:
        found = Client(KEY, base_url=server.url).datasets.list(page_size=page_size, limit=limit)
    wanted = ids[:limit]
    assert found.id.to_list() == wanted
    step = min(page_size, largest)
    assert len(server.asked) <= max(1, -(-len(wanted) // step) + (limit is not None))


@pytest.mark.parametrize("total", [2000, 1999, 100, 1, 0])
def test_no_more_requests_than_pages(total):
    _, answer = paged(total, largest=100, styles=("has_more", "next_page"))
    with Server(answer=answer) as server:
        assert len(Client(KEY, base_url=server.url).voices.list()) == total
    assert len(server.asked) == max(1, -(-total // 100))
    assert server.connections == 1
