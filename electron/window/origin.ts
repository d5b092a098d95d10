/** The scheme of the window's own files; nothing else is ever shown in it. */
export const scheme = "tinsmith";
/** The address of the window. */
export const pageAddress = `${scheme}://app/`;

/** Whether an address is of the window's own page. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === `${scheme}:` && url.host === "app";
}
