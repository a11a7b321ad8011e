// Words with their times, and which of them is being said.
const BREATH = 0.25; // seconds: a shorter gap after a word does not end it, or the mark would flicker

export function timedWords(container) {
  const words = [...container.querySelectorAll("[data-start]")].map((span) => ({
    span,
    text: span.textContent,
    start: Number(span.dataset.start),
    end: Number(span.dataset.end),
  }));
  let marked;

  function at(seconds) {
    const last = words.findLast((word) => word.start <= seconds + 0.001);
    return last && seconds < last.end + BREATH ? last : undefined;
  }

  function show(seconds) {
    const word = at(seconds);
    if (word === marked) return;
    marked?.span.classList.remove("spoken");
    word?.span.classList.add("spoken");
    marked = word;
    if (word) follow(word.span);
  }

  // scrollIntoView() would move the notebook as well.
  function follow(span) {
    const place = span.getBoundingClientRect();
    for (const box of [container, container.parentElement]) {
      const view = box.getBoundingClientRect();
      if (place.bottom > view.bottom) box.scrollTop += place.bottom - view.bottom;
      if (place.top < view.top) box.scrollTop -= view.top - place.top;
      if (place.right > view.right || place.left < view.left) box.scrollLeft += place.left - view.left - 40;
    }
  }

  return {
    at,
    show,
    of: (target) => words.find((word) => word.span === target),
    before: (seconds) => words.findLast((word) => word.start < seconds),
    after: (seconds) => words.find((word) => word.start > seconds + 0.001),
    known: words.length > 0,
  };
}
