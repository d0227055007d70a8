// A chart as a picture: title, what is drawn, and the lines' names and values.
const margin = 16;
const lineHeight = 20;

export function save(chart) {
  const { plot, colours } = chart;
  const scale = plot.ctx.canvas.width / plot.width;
  const names = chart.shape.lines.map((line, at) => ({ text: chart.wordsAt(chart.data[0].length - 1)[at], colour: colours.lines[line.colour] }));
  const canvas = document.createElement('canvas');
  canvas.width = plot.ctx.canvas.width + 2 * margin * scale;
  canvas.height = plot.ctx.canvas.height + (2 * margin + (names.length + 2) * lineHeight) * scale;
  const pen = canvas.getContext('2d');
  pen.fillStyle = colours.surface;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(plot.ctx.canvas, margin * scale, (margin + lineHeight * 1.5) * scale);
  pen.scale(scale, scale);
  pen.textBaseline = 'top';
  pen.font = '600 15px system-ui, sans-serif';
  pen.fillStyle = colours.strong;
  pen.fillText(chart.shape.title, margin, margin);
  pen.font = '12px system-ui, sans-serif';
  names.forEach((name, at) => {
    const top = margin + lineHeight * (2 + at) + plot.height;
    pen.fillStyle = name.colour;
    pen.fillRect(margin, top + 5, 12, 4);
    pen.fillStyle = colours.text;
    pen.fillText(name.text, margin + 20, top);
  });
  canvas.toBlob(blob => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${chart.root.dataset.chart}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
