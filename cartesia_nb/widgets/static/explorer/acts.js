import { grouped } from "./catalogue.js";
import { searcher } from "./search.js";

const MOST_COMPARED = 4;
const PAUSE = 150; // milliseconds after the last change before Python hears of it

// What a person does in the explorer, by mouse or by keyboard; `draw` shows what came of it.
export function explorerActs(model, voices, { bar, hear, details, ear, grid, count }, draw, signal) {
  const search = searcher(voices);
  const tell = soon(() => {
    model.set({ voice: idAtHand(), text: hear.said.value, hears: hear.hears() });
    model.save_changes();
  }, signal);

  function idAtHand() {
    return grid.at() === undefined ? null : voices.id(grid.at());
  }

  function moved() {
    draw();
    tell();
  }

  function find() {
    const asked = bar.asked();
    const found = search(asked);
    count.textContent = `${grouped(found.length)} of ${grouped(voices.count)} voices`;
    bar.clear.hidden = bar.isEmpty();
    grid.show(found, asked.order);
    moved();
  }

  function go(place) {
    grid.go(place);
    moved();
  }

  function mark(voice) {
    const [id, before] = [voices.id(voice), model.get("marked")];
    const isFull = !before.includes(id) && before.length === MOST_COMPARED;
    if (!isFull) {
      model.set("marked", before.includes(id) ? before.filter((other) => other !== id) : [...before, id]);
      model.save_changes();
    }
    // This draws a box anew that was ticked in vain, too.
    ear.say(isFull ? `Four voices at most can be compared: take one out before ${voices.name(voice)}.` : "");
  }

  function orderBy(column) {
    // Forwards, backwards, and as it was before.
    const ways = ["", column, `-${column}`];
    bar.order.value = ways[(ways.indexOf(bar.order.value) + 1) % ways.length];
    find();
  }

  function write() {
    hear.speak();
    moved();
  }

  // The voice that has no preview says the sentence.
  function speakInstead() {
    hear.speak();
    ear.hear(voices.voice(model.get("shown").trouble.about.voice));
    tell();
  }

  const play = () => grid.at() !== undefined && ear.toggle(grid.at());
  return {
    find,
    moved,
    go,
    mark,
    orderBy,
    write,
    buttons: {
      clear: () => (bar.empty(), find(), bar.search.focus()),
      use: () => model.send({ do: "use", voice: idAtHand() }),
      copy: () => copied(idAtHand(), details.id(), ear.say),
      unmark: ({ voice }) => mark(Number(voice)),
      compare: () => ear.compare(model.get("marked"), false),
      blind: () => ear.compare(model.get("marked"), true),
      take: ({ take }) => ear.takeOf(take),
      choose: ({ label }) => model.send({ do: "choose", label }),
      again: ear.again,
      cancel: ear.cancel,
      speak: speakInstead,
    },
    keys: {
      search: {
        ArrowDown: () => grid.grid.focus(),
        Enter: play,
        Escape: () => ((bar.search.value = ""), find()),
      },
      said: { Enter: play },
      grid: {
        ArrowDown: () => go(grid.place() + 1),
        ArrowUp: () => go(grid.place() - 1),
        PageDown: () => go(grid.place() + grid.page()),
        PageUp: () => go(grid.place() - grid.page()),
        Home: () => go(0),
        End: () => go(Infinity),
        Enter: play,
        " ": () => grid.at() !== undefined && mark(grid.at()),
        Escape: () => bar.search.focus(),
      },
    },
  };
}

async function copied(text, place, say) {
  try {
    await navigator.clipboard.writeText(text);
    say("The id is copied.");
  } catch (error) {
    getSelection().selectAllChildren(place);
    say(`The browser does not let it be copied (${error.message}): it is selected instead.`);
  }
}

function soon(act, signal) {
  let timer;
  signal.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, PAUSE);
  };
}
