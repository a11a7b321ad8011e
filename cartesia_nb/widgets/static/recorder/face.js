import { element, fromMarkup } from "../element.js";
import { clock } from "../controls.js";
import { levelMeter } from "./meter.js";

const ICONS = {
  Record: '<circle cx="12" cy="12" r="7"/>',
  Stop: '<path d="M6 6h12v12H6z"/>',
  Cancel: '<path d="M6 7.4L7.4 6 12 10.6 16.6 6 18 7.4 13.4 12l4.6 4.6-1.4 1.4-4.6-4.6L7.4 18 6 16.6 10.6 12z"/>',
  Play: '<path d="M7 4l13 8-13 8z"/>',
  Pause: '<path d="M6 4h4v16H6zM14 4h4v16h-4z"/>',
};
const IN_STATE = {
  empty: "Record",
  asking: "Cancel",
  counting: "Cancel",
  recording: "Stop",
  reading: "Cancel",
  shown: "Play",
};

// What a recorder looks like; `stop` ends what is being recorded.
export function recorderFace(model) {
  const shown = elements();
  const { root, main, stage, time, facts, again, choose, countdown, status, problem } = shown;
  const meter = levelMeter();
  const face = { ...shown, state: "", stop() {}, show, tell, complain, level, playing };

  // `content` is a number in the state "counting", in "shown" the recording's element.
  function show(state, text = status.textContent, content = invitation(model.get("longest"))) {
    const isLive = state === "counting" || state === "recording";
    face.state = root.dataset.state = state;
    main.show(IN_STATE[state]);
    if (state === "asking") meter.clear();
    meter.count(state === "counting" ? content : "");
    stage.replaceChildren(isLive ? meter.element : content);
    again.hidden = state !== "shown";
    choose.hidden = countdown.hidden = isLive;
    time.textContent = facts.textContent = "";
    tell(text);
  }
  function tell(text) {
    status.textContent = text;
  }
  function complain(text) {
    problem.textContent = text;
    if (text) tell("");
  }
  // How loud it is now, and for how many seconds it has been recorded: null before it begins.
  function level(now, seconds) {
    const longest = model.get("longest");
    meter.show(now, seconds && seconds / longest);
    if (seconds) time.textContent = clock(Math.min(seconds, longest), longest);
  }
  function playing(isPlaying, clockText, words) {
    if (face.state !== "shown") return;
    main.show(isPlaying ? "Pause" : "Play");
    time.textContent = clockText;
    facts.textContent = words;
  }
  return face;
}

// In the order in which the keyboard visits them.
function elements() {
  const main = mainButton();
  const stage = element("div", { class: "stage" });
  const time = element("span", { class: "time" });
  const again = element("button", { type: "button" }, "Record again");
  const choose = element("button", { type: "button" }, "Choose a file …");
  const file = element("input", { type: "file", accept: "audio/*,video/*", hidden: true });
  const counts = element("input", { type: "checkbox" });
  const countdown = element("label", {}, counts, "Count down");
  const facts = element("span", { class: "facts" });
  const controls = element("div", { class: "controls" }, time, again, choose, file, countdown, facts);
  const status = element("div", { class: "status", role: "status" });
  const problem = element("div", { class: "problem", role: "alert" });
  const all = [main.button, stage, controls, status, problem];
  const root = element("div", { class: "cartesia-player cartesia-recorder" }, ...all);
  return { root, main, stage, time, again, choose, file, counts, countdown, facts, status, problem };
}

function mainButton() {
  const made = element("button", { type: "button", class: "play" });
  function show(name) {
    if (made.title === name) return;
    made.setAttribute("aria-label", name);
    made.title = name;
    made.replaceChildren(fromMarkup(`<svg viewBox="0 0 24 24" aria-hidden="true">${ICONS[name]}</svg>`));
  }
  return { button: made, show };
}

function invitation(longest) {
  const text = `Press the button and speak, for up to ${longest} seconds, or drop a sound file here.`;
  return element("div", { class: "invitation" }, text);
}
