/** Lets the browser save a text as a file, where it saves downloads. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text]));
  saveAddress(name, address);
  // The browser has taken the text by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Lets the browser save the file at an address of the window's own. */
export function saveAddress(name: string, address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
