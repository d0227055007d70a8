// Colours of the page for what is drawn, and a word when light and dark change.
export function colours(element) {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const read = colour => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const found = {
    lines: Array.from({ length: 8 }, (_, at) => read(`var(--chart-${at + 1})`)),
    text: read('var(--text-quiet)'),
    strong: read('var(--text-strong)'),
    grid: read('var(--line)'),
    surface: read('var(--surface)'),
  };
  probe.remove();
  return found;
}

export function faint(colour, share) {
  return `color-mix(in srgb, ${colour} ${share}%, transparent)`;
}

const listeners = new Set();

// The sheets of a theme apply a moment after the switch.
const tell = () => requestAnimationFrame(() => listeners.forEach(listener => listener()));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell);
new MutationObserver(tell).observe(document.querySelector('meta[name=color-scheme]'), { attributeFilter: ['content'] });

export function onThemeChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
