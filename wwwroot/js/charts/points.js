import uPlot from '../../lib/uplot/uPlot.esm.js';

// The points of a chart as the browser keeps them. A gap is null; undefined is a moment of which another line alone has a point.
export function emptyLine() {
  return { times: [], means: [], lows: [], highs: [] };
}

// Brings lines to the next picture: Portal.Components.Charts.ChartUpdate says how the message is laid out.
export function take(lines, update, bytes, hasSpread) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let fresh = [];
  const read = (count, size, next) => Array.from({ length: count }, () => {
    const value = next(at);
    at += size;
    return value;
  });
  const value = place => {
    const number = view.getFloat32(place, true);
    return Number.isNaN(number) ? null : number;
  };
  lines.forEach((line, place) => {
    const change = update.lines[Math.min(place, update.lines.length - 1)];
    if (!change.sharesTimes) fresh = read(change.count, 8, position => view.getFloat64(position, true));
    put(line.times, change, fresh);
    put(line.means, change, read(change.count, 4, value));
    if (!hasSpread) return;
    put(line.lows, change, read(change.count, 4, value));
    put(line.highs, change, read(change.count, 4, value));
  });
}

function put(kept, change, fresh) {
  kept.splice(0, change.drop);
  kept.length = change.keep;
  for (const one of fresh) kept.push(one);
}

// One table of all lines for uPlot: moments, then of each line its means (and highs and lows, for a band).
export function table(lines, hasSpread) {
  return uPlot.join(lines.map(line => hasSpread ? [line.times, line.means, line.highs, line.lows] : [line.times, line.means]));
}

// Each line on those before it. Where a line has no point of its own, the one before goes on; where it has a gap, so has all that stands on it.
export function stacked(rows) {
  const sums = new Array(rows[0].length).fill(0);
  return [rows[0], ...rows.slice(1).map(line => {
    let last = null;
    return line.map((value, at) => {
      if (value !== undefined) last = value;
      sums[at] = last === null || sums[at] === null ? null : sums[at] + last;
      return sums[at];
    });
  })];
}

// The value of a line at a moment: of the point there, or of the last one before it.
export function valueAt(values, at) {
  while (at >= 0 && values[at] === undefined) at--;
  return values[at];
}
