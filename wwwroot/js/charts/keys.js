// A chart by the keyboard: arrows move the cursor, with Shift they choose a stretch of time, Enter looks closer, Escape goes back.
export function listen(chart) {
  let mark = null;
  const pressed = event => {
    const { plot, data: [times] } = chart;
    if (!plot || times.length === 0) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      const at = plot.cursor.idx ?? times.length - 1;
      const next = Math.max(0, Math.min(times.length - 1, at + steps[event.key]));
      mark = event.shiftKey ? mark ?? at : null;
      move(chart, next);
      mark === null ? choose(plot, 0, 0) : choose(plot, times[Math.min(mark, next)], times[Math.max(mark, next)]);
    } else if (event.key === 'Enter' && mark !== null) {
      const at = plot.cursor.idx ?? mark;
      chart.zoom(times[Math.min(mark, at)], times[Math.max(mark, at)]);
      mark = null;
      choose(plot, 0, 0);
    } else if (event.key === 'Escape') {
      if (mark === null) chart.zoomOut();
      mark = null;
      choose(plot, 0, 0);
    } else {
      return;
    }
    event.preventDefault();
  };
  chart.place.addEventListener('keydown', pressed);
  return () => chart.place.removeEventListener('keydown', pressed);
}

function move(chart, at) {
  const { plot, data: [times] } = chart;
  plot.setCursor({ left: plot.valToPos(times[at], 'x'), top: 0 }, true, true);
  chart.root.querySelector('.said').textContent = [chart.times.whole(times[at]), ...chart.wordsAt(at)].join(', ');
}

function choose(plot, from, to) {
  const left = to > from ? plot.valToPos(from, 'x') : 0;
  plot.setSelect({ left, width: to > from ? plot.valToPos(to, 'x') - left : 0, top: 0, height: plot.over.clientHeight }, false);
}
