// Saves what the portal sends as a file.
export async function save(name, type, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([await content.arrayBuffer()], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
