// Puts a text into the clipboard. Browsers offer their own interface only to pages from this machine or over HTTPS.
export async function write(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('aria-hidden', 'true');
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
