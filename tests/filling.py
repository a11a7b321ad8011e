"""Forms as a test fills them in: what a page does, and waiting until a form has done its work."""

from cartesia_nb.widgets.work import Work


def works(widget):
    """Return all that may go on in a form."""
    parts = [widget, getattr(widget, "line", None), *getattr(widget, "children", ())]
    found = [value for part in parts if part for value in vars(part).values() if isinstance(value, Work)]
    for child in getattr(widget, "children", ()):
        found += works(child)
    return found


def settle(form):
    """Wait until nothing goes on in a form any more; return it."""
    for work in works(form):
        work.join(30)
        assert not work.working, work.what
    return form


def click(form, button):
    """Press a button, and wait for what it does."""
    settle(form)
    button.click()
    return settle(form)


def visible(widget):
    return widget.layout.display != "none"


def wrong(form):
    """Return what a form says is wrong, by where it says so."""
    places = {name: part for name, part in vars(form).items() if hasattr(part, "note")}
    return {name: part.note.wrong for name, part in places.items() if part.note.wrong}


def message(widget, content, *buffers):
    """Do what a page does that sends a message."""
    data = {"method": "custom", "content": content}
    widget._handle_msg({"content": {"data": data}, "buffers": [memoryview(buffer) for buffer in buffers]})
