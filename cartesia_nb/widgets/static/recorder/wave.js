// Waveforms as display.py draws them: one upright line a column, from its lowest to its highest sample.
const COLUMNS = 240;
const HALF_HEIGHT = 24;

export function waveOf(samples) {
  const width = samples.length / COLUMNS;
  const columns = Array.from({ length: COLUMNS }, (_, at) =>
    extremes(samples.subarray(Math.floor(at * width), Math.floor((at + 1) * width))),
  );
  return drawn(columns);
}

function extremes(samples) {
  let [low, high] = [0, 0];
  for (const sample of samples) {
    low = Math.min(low, sample);
    high = Math.max(high, sample);
  }
  return [low, high];
}

// One that grows while it is recorded.
export function clearedWave() {
  const columns = [];
  return {
    add(level, part) {
      const at = Math.min(Math.floor(part * COLUMNS), COLUMNS - 1);
      while (columns.length <= at) columns.push([0, 0]);
      columns[at] = [Math.min(columns[at][0], -level), Math.max(columns[at][1], level)];
    },
    markup: () => drawn(columns),
  };
}

function drawn(columns) {
  const y = (level, more) => (HALF_HEIGHT * (1 - level) + more).toFixed(1);
  const lines = columns.map(([low, high], at) => `M${at}.5 ${y(high, -0.3)}V${y(low, 0.3)}`);
  return (
    `<svg class="wave" viewBox="0 0 ${COLUMNS} ${2 * HALF_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">` +
    `<path d="${lines.join("")}" vector-effect="non-scaling-stroke"/></svg>`
  );
}
