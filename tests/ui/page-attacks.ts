/**
 * The ways in which a page reaches an address of another site without its consent, as functions that run in that page.
 * Each settles when the browser has had an answer, or has given up.
 */
export const pageAttacks = {
  image: (url) => settle(Object.assign(new Image(), { src: url })),
  script: (url) => load(Object.assign(document.createElement("script"), { src: url })),
  "style sheet": (url) =>
    load(Object.assign(document.createElement("link"), { rel: "stylesheet", href: url })),
  frame: (url) => load(Object.assign(document.createElement("iframe"), { src: url })),
  "fetch without CORS": (url) =>
    fetch(url, { mode: "no-cors", credentials: "include", referrerPolicy: "no-referrer" }),
  "fetch with CORS": (url) => fetch(url, { credentials: "include" }),
  "POST without CORS": (url) =>
    fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }),
  form: (url) => {
    const frame = Object.assign(document.createElement("iframe"), { name: crypto.randomUUID() });
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), { action: url, method: "POST" });
    form.target = frame.name;
    document.body.append(form);
    form.submit();
    return settle(frame);
  },
  WebSocket: (url) => settle(new WebSocket(url.replace("http", "ws"))),
} satisfies Record<string, (url: string) => Promise<unknown>>;

declare function settle(one: EventTarget): Promise<unknown>;
declare function load(one: Element): Promise<unknown>;

const helpers = `
  const settle = (one) => new Promise((resolve) => {
    for (const type of ["load", "error", "open"]) one.addEventListener(type, () => resolve(type));
  });
  const load = (one) => {
    const settled = settle(one);
    document.head.append(one);
    return settled;
  };`;

/** The source of an attack on an address, for `page.evaluate`; gives the type of the event that ended it, if it was one. */
export function attackOn(url: string, attack: keyof typeof pageAttacks): string {
  return `(async () => {${helpers}
    return await (${pageAttacks[attack]})(${JSON.stringify(url)}).catch(() => "error");
  })()`;
}
