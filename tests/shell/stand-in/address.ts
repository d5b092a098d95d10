/** Chromium has no schemes of ours: its pages are at this host, and whatever is asked of it is answered by the app. */
const host = "https://app.tinsmith.test";
const own = "tinsmith://app";

/** From an address as the app knows it to the one that Chromium is given. */
export function toChromium(address: string): string {
  return address.startsWith(own) ? host + address.slice(own.length) : address;
}

/** From an address in Chromium to the one that the app would see in Electron. */
export function toElectron(address: string): string {
  return address.startsWith(host) ? own + address.slice(host.length) : address;
}
