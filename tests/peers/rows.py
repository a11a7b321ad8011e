"""Lists of rows as the SDK reads them, page after page."""


def ids(rows):
    """Return the ids of rows; fail at the first that comes again, for such a list would never end."""
    found = {}
    for row in rows:
        assert row.id not in found, f"{row.id} came twice"
        found[row.id] = None
    return list(found)


def check_pages(read_list, made):
    """Fail unless a list has what was made, the newest first, once and in pages of any size."""
    everything = ids(read_list(limit=100))
    assert [row for row in everything if row in made] == made[::-1]
    for limit in (1, 2, 5):
        assert ids(read_list(limit=limit)) == everything
    assert sorted(ids(read_list(limit=2, ending_before=everything[-1]))) == sorted(everything[:-1])
    assert ids(read_list(starting_after=everything[-1])) == []
