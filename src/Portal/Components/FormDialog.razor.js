// The browser's own modal: it makes the rest of the page inert.
export function open(dialog) {
  dialog.showModal();
}
