// Numbers as people read them: at most three significant digits, the unit behind. Portal.Components.Charts.MetricText writes the same.
const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

function binary(value, suffix) {
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < sizes.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  return `${+value.toFixed(digits)} ${sizes[unit]}${suffix}`;
}

// What writes a value of a chart; "–" stands for what was not measured.
export function valueFormat(shape, language) {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 4, useGrouping: 'min2' });
  return value => {
    if (value === null || value === undefined) return '–';
    if (shape.isBinary) return binary(value, shape.suffix);
    const size = Math.abs(value);
    return number.format(+value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 4)) + shape.suffix;
  };
}

// Distances between the lines of the grid: of bytes 1, 2, 4… of each unit, so that no axis reads "976.6 KiB".
export function distances(shape) {
  if (!shape.isBinary) return undefined;
  const found = [];
  for (let power = 0; power < 64; power++) found.push(2 ** power);
  return found;
}

const second = 1000;
const day = 86400 * second;

// What writes moments of the time axis and under the cursor, in the reader's language and time zone.
export function timeFormat(language) {
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const exact = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const date = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  const whole = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  return {
    whole: time => whole.format(time),
    axis: (times, distance) => times.map((time, at) => {
      if (distance >= day) return date.format(time);
      const text = distance < 60 * second ? exact.format(time) : clock.format(time);
      const isNewDay = at > 0 && new Date(times[at - 1]).getDate() !== new Date(time).getDate();
      return isNewDay ? `${text}\n${date.format(time)}` : text;
    }),
  };
}
